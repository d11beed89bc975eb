import type { DirectSender } from '../../../../core/dispatch/direct';
import { sendDirect } from '../../../../core/dispatch/direct';
import { recordInbound } from '../../../../core/inbox';
import type { CloudApi } from '../../../../core/whatsapp/cloudApi';
import type { OutboundMessage } from '../../../../core/whatsapp/outboundMessage';
import type { SendOutcome } from '../../../../core/whatsapp/sendOutcome';
import type { WebhookEvent } from '../../../../core/whatsapp/webhookEvents';
import { startOffice, type Office } from '../../../council/office';
import { rows, rulesFingerprint, within } from '../../../council/tables';
import { text } from '../../inbox/webhooks';

/** An office whose WhatsApp is a list of what was handed over. */
export interface DirectOffice {
	office: Office;
	sent: Array<OutboundMessage & { callbackData: string }>;
	/** What WhatsApp says to the next messages. */
	answer: { with: (message: OutboundMessage) => SendOutcome };
	sender(): Promise<DirectSender>;
	/** Somebody writes. @returns the id of the event */
	hear(events: WebhookEvent[]): Promise<string>;
	/** Resident n writes, so many minutes ago by Meta's clock. */
	writes(n: number, minutesAgo?: number, says?: string): Promise<string>;
	say(to: Parameters<typeof sendDirect>[1]['to'], body?: string): ReturnType<typeof sendDirect>;
	rows<Row>(sql: string): Promise<Row[]>;
}

/** Of resident n, as the list of the council has it. */
export const phoneOf = (n: number) => `+447700900${String(n).padStart(3, '0')}`;

export async function startDirectOffice(rules: Record<string, unknown> = { directMessages: 'all' }, channel: Record<string, unknown> = {}): Promise<DirectOffice> {
	const office = await startOffice({ residents: 6, channel: { ...rules, ...channel } });
	const sent: DirectOffice['sent'] = [];
	const answer: DirectOffice['answer'] = { with: () => ({ outcome: 'accepted', messageId: `wamid.out.${sent.length}` }) };
	const api = {
		send: (message: OutboundMessage, { callbackData }: { callbackData: string }) => {
			sent.push({ ...message, callbackData });
			return Promise.resolve(answer.with(message));
		},
	} as unknown as CloudApi;
	let serial = 0;
	const sender = async (): Promise<DirectSender> => ({
		store: office.store,
		api,
		channelId: office.settings.id,
		rulesFingerprint: await rulesFingerprint(office.store, office.settings.id),
		flow: 'flow-1',
	});
	const hear: DirectOffice['hear'] = async (events) => {
		await within(office.store, (context) => recordInbound(context, { channelId: office.settings.id, events }));
		const [event] = await rows<{ id: string }>(office.store, 'SELECT id FROM inbox_event ORDER BY seq DESC LIMIT 1');
		return event?.id ?? '';
	};
	return {
		office,
		sent,
		answer,
		sender,
		hear,
		writes: (n, minutesAgo = 0, says = 'Is my road gritted?') => {
			serial += 1;
			return hear(text(says, { phone: phoneOf(n).slice(1), id: `wamid.in.${serial}`, at: office.clock.now() - minutesAgo * 60_000 }));
		},
		say: async (to, body = 'It is, from 18:00.') => sendDirect(await sender(), { to, content: { type: 'text', body }, answers: null }),
		rows: (sql) => rows(office.store, sql),
	};
}
