import { type CloudApiSettings, createCloudApi } from '../../../core/whatsapp/cloudApi';
import type { Transport } from '../../../core/whatsapp/connection';
import { type SeenRequest, type ServerAnswer, answering } from './localServer';

export const settings = { graphVersion: 'v25.0', accessToken: 'EAAtest', appSecret: 'sim_app_secret', phoneNumberId: '106540352242922', businessAccountId: '102290129340398' };
export const accepted = { messaging_product: 'whatsapp', contacts: [{ input: '+447700900123', wa_id: '447700900123' }], messages: [{ id: 'wamid.HBgM', message_status: 'accepted' }] };

/** A channel whose Graph host is a real server on this machine. */
export async function localChannel(answer: (request: SeenRequest) => ServerAnswer | 'reset' | 'silence', more: Partial<CloudApiSettings> = {}) {
	const server = await answering(answer);
	return { ...server, api: createCloudApi({ graphUrl: server.origin, ...settings, ...more }) };
}

/** A channel whose calls go to a function. */
export function channelOver(request: Transport['request'], more: Partial<CloudApiSettings> = {}) {
	return createCloudApi({ graphUrl: 'http://127.0.0.1:1', ...settings, ...more }, { request });
}

export function refusal(code: number, more: Record<string, unknown> = {}) {
	return { error: { message: `(#${code}) Some title`, type: 'OAuthException', code, fbtrace_id: 'A', ...more } };
}
