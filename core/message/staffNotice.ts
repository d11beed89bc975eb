import { loadChannel, requireAdopted } from '../channel/channel';
import { staffOf } from '../channel/rules';
import { CivicError } from '../errors';
import { defineCommand } from '../store/command';
import type { Store } from '../store/store';
import type { CloudApi } from '../whatsapp/cloudApi';
import type { E164 } from '../whatsapp/phoneNumber';
import { checkParameters } from '../whatsapp/parameterChecks';
import type { Template } from '../whatsapp/template';
import { templateMessage } from '../whatsapp/templateMessage';
import type { TemplateValues } from '../whatsapp/templateParameters';

/** A message to somebody whom the channel's rules name. It goes to nobody else. */
export interface StaffNotice {
	channelId: string;
	purpose: 'sign-off' | 'reminder' | 'message';
	/** Id of the request or broadcast it is about. */
	about: string | null;
	/** E.164; must be the number of somebody whom the rules name. */
	to: string;
	template: Template;
	parameters: TemplateValues;
}

export type NoticeOutcome = { outcome: 'accepted' } | { outcome: 'not-sent' | 'uncertain'; explain: string };

/** Records that a notice is about to leave. @throws CivicError channel.rules when the rules do not name the person */
export const recordNoticeIntent = defineCommand(
	'notice.intent',
	async (context, input: { channelId: string; purpose: string; about: string | null; to: string }): Promise<{ id: string }> => {
		const channel = await loadChannel(context, input.channelId);
		requireAdopted(channel);
		if (!staffOf(channel.rules).some(({ phone }) => phone === input.to)) {
			throw new CivicError(
				'channel.rules',
				`The rules of channel "${channel.name}" do not name the person this message is for.`,
				'Messages without sign-off go only to the approvers and their stand-ins named in the credential "Civic WhatsApp API". For residents, draft a broadcast.',
			);
		}
		const id = context.random.uuid();
		await context.db
			.insertInto('staff_notice')
			.values({
				id,
				channel_id: channel.id,
				purpose: input.purpose,
				about: input.about,
				person_lookup: context.keys.lookup('person', `phone:${input.to}`),
				state: 'intent',
				reason: null,
				created_at: context.now,
				sent_at: null,
				delivered_at: null,
				read_at: null,
				failed_at: null,
				failed_code: null,
			})
			.execute();
		return { id };
	},
);

export const recordNoticeOutcome = defineCommand(
	'notice.record',
	async (context, input: { id: string; state: 'accepted' | 'not-sent' | 'uncertain'; reason: string | null }): Promise<void> => {
		await context.db.updateTable('staff_notice').set({ state: input.state, reason: input.reason }).where('id', '=', input.id).where('state', '=', 'intent').execute();
		const row = await context.db.selectFrom('staff_notice').selectAll().where('id', '=', input.id).executeTakeFirstOrThrow();
		context.append({
			act: 'notice.send',
			actor: { role: 'system' },
			outcome: input.state === 'accepted' ? 'ok' : input.state === 'not-sent' ? 'refused' : 'held',
			channel: row.channel_id,
			resource: { type: 'notice', id: input.id },
			refs: { purpose: row.purpose, ...(row.about === null ? {} : { about: row.about }) },
		});
	},
);

/** Sends one notice: intent, request, record. Never sent a second time by itself. */
export async function sendStaffNotice({ store, api }: { store: Store; api: CloudApi }, notice: StaffNotice): Promise<NoticeOutcome> {
	const refusals = checkParameters(notice.template, notice.parameters);
	if (refusals.length > 0) {
		throw new CivicError('template.parameters', `Template "${notice.template.name}": ${refusals.map(({ message }) => message).join(' ')}`, 'Mend the fields named.');
	}
	const { id } = await store.execute(recordNoticeIntent, {
		channelId: notice.channelId,
		purpose: notice.purpose,
		about: notice.about,
		to: notice.to,
	});
	// The rules hold approvers' numbers as E.164: they are parsed when the credential is read.
	const sent = await api.sendTemplate(templateMessage(notice.to as E164, notice.template, notice.parameters), { callbackData: id });
	const reason = sent.outcome === 'accepted' ? null : sent.outcome === 'uncertain' ? 'no-clear-answer' : String(sent.refusal.code ?? 'not-reached');
	const state = sent.outcome === 'notSent' ? 'not-sent' : sent.outcome;
	await store.execute(recordNoticeOutcome, { id, state, reason });
	if (sent.outcome === 'accepted') return { outcome: 'accepted' };
	return sent.outcome === 'uncertain'
		? { outcome: 'uncertain', explain: sent.reason }
		: { outcome: 'not-sent', explain: `${sent.refusal.explain} ${sent.refusal.goOn}` };
}
