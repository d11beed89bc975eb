import { json } from '../http/json';
import type { TextAnswer } from '../http/listener';
import type { AccessTokenCheck } from './accessToken';
import { accountDefaults, appId, businessAccountId, numberDefaults, type BusinessAccount } from './account';
import { callParameters } from './callParameters';
import type { GraphCall, GraphRoute } from './cloudApi';
import { GraphError } from './graphError';
import type { Messages } from './messages';
import { selectFields } from './nodeFields';
import { onlyKeys, optionalTextAt } from './objectShape';
import { pageOf } from './paging';

/** Points the account's webhooks at an address that passes the handshake. */
export type Redirect = (address: string, verifyToken: string | undefined) => Promise<void>;

/** The phone number: sending, and its fields. */
export function numberRoute(account: BusinessAccount, messages: Messages): GraphRoute {
	return (call) => {
		const { method, id, edge, query } = call;
		const number = account.number(id);
		if (!number) return undefined;
		if (method === 'POST' && edge === 'messages') return json(messages.post(number, call));
		if (method === 'GET' && edge === '') return json(selectFields(account.numberNode(number), query.get('fields'), numberDefaults, 'WhatsAppBusinessPhoneNumber'));
		return undefined;
	};
}

/** The business account: its fields, its numbers, and who gets its webhooks. */
export function accountRoute(account: BusinessAccount, redirect: Redirect, webhookUrl: () => string | undefined): GraphRoute {
	return (call) => {
		if (call.id !== businessAccountId) return undefined;
		const { method, edge, query, address } = call;
		if (method === 'GET' && edge === '') return json(selectFields(account.accountNode(), query.get('fields'), accountDefaults, 'WhatsAppBusinessAccount'));
		if (method === 'GET' && edge === 'phone_numbers') {
			const nodes = account.allNumbers().map((number) => selectFields(account.numberNode(number), query.get('fields'), numberDefaults, 'WhatsAppBusinessPhoneNumber'));
			return json(pageOf(nodes, query, address, ({ id }) => String(id)));
		}
		return edge === 'subscribed_apps' ? subscribedApps(call, account, redirect, webhookUrl) : undefined;
	};
}

const overrideKeys = new Set(['override_callback_uri', 'verify_token']);

function subscribedApps(call: GraphCall, account: BusinessAccount, redirect: Redirect, webhookUrl: () => string | undefined): TextAnswer | Promise<TextAnswer> | undefined {
	const { method } = call;
	if (method === 'GET') {
		const callback = webhookUrl();
		const app = { whatsapp_business_api_data: { id: appId, name: 'Civic Comms', link: `https://www.facebook.com/games/?app_id=${appId}` }, ...(callback !== undefined && { override_callback_uri: callback }) };
		return json({ data: account.subscribed ? [app] : [] });
	}
	if (method === 'DELETE') {
		account.subscribed = false;
		return json({ success: true });
	}
	if (method !== 'POST') return undefined;
	const given = callParameters(call);
	onlyKeys(given, overrideKeys, 'subscribed_apps');
	const callback = optionalTextAt(given, 'override_callback_uri', 'override_callback_uri');
	const subscribe = (): TextAnswer => {
		account.subscribed = true;
		return json({ success: true });
	};
	if (callback === undefined) return subscribe();
	return redirect(callback, optionalTextAt(given, 'verify_token', 'verify_token')).then(subscribe, (thrown: unknown) => {
		throw new GraphError(100, undefined, { message: `(#100) Callback verification failed: ${thrown instanceof Error ? thrown.message : String(thrown)}` });
	});
}

const scopes = ['whatsapp_business_messaging', 'whatsapp_business_management'];

/** `GET /debug_token`: what a token may do and until when. */
export function tokenRoute(access: AccessTokenCheck): GraphRoute {
	return ({ method, id, query }) => {
		if (method !== 'GET' || id !== 'debug_token') return undefined;
		const token = query.get('input_token');
		if (!token) throw new GraphError(100, undefined, { message: '(#100) The parameter input_token is required.' });
		if (!access.accepts(token)) return json({ data: { error: { code: 190, message: 'Invalid OAuth access token.' }, is_valid: false, scopes: [] } });
		return json({
			data: {
				app_id: appId,
				type: 'SYSTEM_USER',
				application: 'Civic Comms',
				data_access_expires_at: 0,
				expires_at: 0,
				is_valid: true,
				issued_at: 1_760_000_000,
				scopes,
				granular_scopes: scopes.map((scope) => ({ scope, target_ids: [businessAccountId] })),
				user_id: '990600000000001',
			},
		});
	};
}
