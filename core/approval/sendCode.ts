import { openStoredChannel } from '../channel/channelApi';
import type { ChannelRules } from '../channel/rules';
import { CivicError, isCivicError } from '../errors';
import { requireApproved } from '../message/requireApproved';
import { sendStaffNotice, type NoticeOutcome } from '../message/staffNotice';
import type { Store } from '../store/store';
import type { CloudApi } from '../whatsapp/cloudApi';
import type { Transport } from '../whatsapp/connection';
import type { Template } from '../whatsapp/template';
import { parameterFields } from '../whatsapp/templateParameters';
import { isCodeTemplate, unsupportedParts } from '../whatsapp/templateScope';
import { makeCode, recordCode, type MadeCode } from './makeCode';

/**
 * Brings a code to the phone that the rules give for the holder of a link. Only whoever has that phone can then decide.
 * @throws CivicError approval.*, template.* when the code template cannot carry it, channel.*
 */
export async function sendCode(world: { store: Store; transport: Transport }, token: string): Promise<void> {
	const { store } = world;
	const made = await store.execute(makeCode, { token });
	if (made === null) return;
	const record = (outcome: NoticeOutcome['outcome']) => store.execute(recordCode, { id: made.id, token, outcome });
	const outcome = await deliver(world, made).catch(async (thrown: unknown) => {
		await record('not-sent');
		throw thrown;
	});
	await record(outcome);
	if (outcome === 'not-sent') {
		throw new CivicError('approval.code-not-sent', 'WhatsApp did not take the code, so it was not sent.', 'Nothing was decided. Try again in a moment; tell the service if it happens again.');
	}
}

/** What goes wrong in here is before WhatsApp is asked: from then on there is an outcome. */
async function deliver({ store, transport }: { store: Store; transport: Transport }, made: MadeCode): Promise<NoticeOutcome['outcome']> {
	const { api, rules } = await openStoredChannel(store, made.channelId, transport);
	const template = await readCodeTemplate(api, rules);
	const [field] = parameterFields(template);
	const parameters = { [field?.key ?? '']: made.code };
	const { outcome } = await sendStaffNotice({ store, api }, { channelId: made.channelId, purpose: 'code', about: made.requestId, to: made.phone, template, parameters });
	return outcome;
}

/**
 * The authentication template of a channel. Also read when sign-off is requested that will need it, so that nobody waits
 * for approvers who could not decide.
 * @throws CivicError template.unknown, template.parameters saying what IT has to mend
 */
export async function readCodeTemplate(api: CloudApi, rules: ChannelRules): Promise<Template> {
	const template = await approved(api, rules);
	const unusable = isCodeTemplate(template) ? unsupportedParts(template) : [`it is of the category ${template.category.toLowerCase()}, not authentication.`];
	if (unusable.length > 0) throw new CivicError('template.parameters', `Approvers have to confirm by code here, and the template "${template.name}" cannot carry one: ${unusable.join(' ')}`, mend);
	return template;
}

const mend = `Register "civic_confirmation_code" with Template: Submit, and have IT name it as 'Code Template' in the credential "Civic WhatsApp API".`;

async function approved(api: CloudApi, { codeTemplate, templateLanguage }: ChannelRules): Promise<Template> {
	try {
		const { value: template } = await api.getTemplate(codeTemplate, templateLanguage);
		requireApproved(template);
		return template;
	} catch (thrown) {
		if (!isCivicError(thrown) || thrown.code !== 'template.unknown') throw thrown;
		throw new CivicError('template.unknown', `Approvers have to confirm by code here, and the template for it cannot be sent. ${thrown.message}`, mend, { cause: thrown });
	}
}
