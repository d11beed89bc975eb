import { createHmac } from 'node:crypto';
import type { Wake } from '../../core/approval/resume';
import { Desk } from '../../core/desk/desk';
import type { DeskRequest, DeskResponse } from '../../core/desk/deskResponse';
import { claimDeliveries, type Claim } from '../../core/dispatch/claimDeliveries';
import { startBroadcast, type StartedBroadcast } from '../../core/dispatch/startBroadcast';
import type { Preflight } from '../../core/dispatch/authoriseSend';
import type { CreatedDraft, NewDraft } from '../../core/message/createDraft';
import type { Office } from './office';
import { rulesFingerprint } from './tables';

/** A draft with its grant. */
export async function signedIn(office: Office, changes?: Partial<NewDraft>): Promise<CreatedDraft> {
	const draft = await office.draft(changes);
	const { links } = await office.ask(draft.id);
	for (const { token } of links.slice(0, office.settings.rules.signaturesNeeded)) await office.decide(token, draft);
	return draft;
}

export async function startIn(office: Office, draft: CreatedDraft, preflight: Partial<Preflight> = {}): Promise<StartedBroadcast> {
	const [variant] = draft.content.variants;
	if (variant === undefined) throw new Error('the draft holds no message');
	return office.store.execute(startBroadcast, {
		draftId: draft.id,
		channelId: office.settings.id,
		rulesFingerprint: await rulesFingerprint(office.store, office.settings.id),
		preflight: { templateContent: variant.templateContent, category: draft.content.category, serverDate: office.clock.now(), ...preflight },
	});
}

export function claimIn(office: Office, { broadcastId, runId }: Pick<StartedBroadcast, 'broadcastId' | 'runId'>, limit = 100): Promise<Claim> {
	return office.store.execute(claimDeliveries, { broadcastId, runId, limit });
}

export function deskIn(office: Office, wake: Wake = () => Promise.resolve('taken')): Desk {
	return new Desk(office.store, office.clock, wake);
}

/** A request as a host hands it to the desk. */
export function deskRequest(changes: Partial<Omit<DeskRequest, 'header'>> & { headers?: Record<string, string> } = {}): DeskRequest {
	const { headers = {}, ...rest } = changes;
	return { method: 'GET', query: {}, rawBody: Buffer.alloc(0), form: {}, header: (name) => headers[name], ...rest };
}

export function signature(body: Buffer | string, secret: string): string {
	return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

/** A webhook as Meta sends it, signed. */
export function webhook(desk: Desk, body: unknown, secret: string): Promise<DeskResponse> {
	const rawBody = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
	return desk.webhook(deskRequest({ method: 'POST', rawBody, headers: { 'x-hub-signature-256': signature(rawBody, secret) } }));
}

export interface StatusWord {
	id?: string;
	status: string;
	/** Milliseconds. */
	at: number;
	callback?: string;
	code?: number;
	pricing?: object;
	/** Of the recipient, without a plus; null where it is hidden. */
	phone?: string | null;
	userId?: string;
}

/** The statuses of Meta's "messages" webhook, for one number. */
export function statusBody(phoneNumberId: string, statuses: StatusWord[]): object {
	return {
		object: 'whatsapp_business_account',
		entry: [
			{
				id: '1',
				changes: [
					{
						field: 'messages',
						value: {
							messaging_product: 'whatsapp',
							metadata: { phone_number_id: phoneNumberId },
							statuses: statuses.map(({ id = 'wamid.1', status, at, callback, code, pricing, phone = '447700900000', userId }) => ({
								id,
								status,
								timestamp: String(Math.floor(at / 1000)),
								...(phone === null ? {} : { recipient_id: phone }),
								...(userId === undefined ? {} : { recipient_user_id: userId }),
								...(callback === undefined ? {} : { biz_opaque_callback_data: callback }),
								...(pricing === undefined ? {} : { pricing }),
								...(code === undefined ? {} : { errors: [{ code, title: 'Refused' }] }),
							})),
						},
					},
				],
			},
		],
	};
}

export function textBody(phoneNumberId: string, from: string, text: string, id = `wamid.${Math.random()}`): object {
	return {
		object: 'whatsapp_business_account',
		entry: [
			{
				id: '1',
				changes: [
					{
						field: 'messages',
						value: {
							messaging_product: 'whatsapp',
							metadata: { phone_number_id: phoneNumberId },
							contacts: [{ wa_id: from, profile: { name: 'Jo' } }],
							messages: [{ from, id, timestamp: String(Math.floor(Date.now() / 1000)), type: 'text', text: { body: text } }],
						},
					},
				],
			},
		],
	};
}
