import { timingSafeEqual } from 'node:crypto';
import type { App } from '../delivery/webhookSender';
import { json } from '../http/json';
import type { TextAnswer } from '../http/listener';
import type { Knobs } from '../knobs';
import { appToken, type AccessTokenCheck } from './accessToken';
import { businessAccountId } from './account';
import { callParameters } from './callParameters';
import type { GraphCall, GraphRoute } from './cloudApi';
import { GraphError, parameterRequired } from './graphError';

const scopes = ['whatsapp_business_messaging', 'whatsapp_business_management'];
const userId = '990600000000001';

/** `GET /debug_token`: what a token may do and until when. */
export function tokenRoute(access: AccessTokenCheck, apps: readonly [App, ...App[]], knobs: Pick<Knobs, 'tokenExpiresAt'>): GraphRoute {
	return ({ method, id, edge, query, caller }) => {
		if (method !== 'GET' || edge !== '') return undefined;
		if (id === 'me') return json(caller.kind === 'user' ? { id: userId, name: 'Civic Comms system user' } : { id: caller.id, name: appNamed(apps, caller.id).name });
		if (id !== 'debug_token') return undefined;
		const token = query.get('input_token');
		if (!token) throw parameterRequired('input_token');
		const owner = access.callerOf(token);
		if (!owner) return json({ data: { error: { code: 190, message: 'Invalid OAuth access token.' }, is_valid: false, scopes: [] } });
		if (owner.kind === 'app') return json({ data: { app_id: owner.id, type: 'APP', application: appNamed(apps, owner.id).name, is_valid: true, scopes: [] } });
		return json({
			data: {
				app_id: apps[0].id,
				type: 'SYSTEM_USER',
				application: apps[0].name,
				data_access_expires_at: 0,
				expires_at: knobs.tokenExpiresAt,
				is_valid: !access.expired,
				...(access.expired && { error: { code: 190, subcode: 463, message: 'Error validating access token: Session has expired.' } }),
				issued_at: 1_760_000_000,
				scopes,
				granular_scopes: scopes.map((scope) => ({ scope, target_ids: [businessAccountId] })),
				user_id: userId,
			},
		});
	};
}

/** `/oauth/access_token` with `grant_type=client_credentials`: an app's id and secret for its token. Needs no token itself. */
export function appTokenAnswer(call: GraphCall, apps: readonly App[]): TextAnswer | undefined {
	if (call.id !== 'oauth' || call.edge !== 'access_token' || (call.method !== 'GET' && call.method !== 'POST')) return undefined;
	const given = callParameters(call);
	const [clientId, secret] = [given.client_id, given.client_secret].map((value) => (typeof value === 'number' ? String(value) : value));
	if (typeof clientId !== 'string' || clientId === '') throw new GraphError(101, undefined, { message: 'Missing client_id parameter.' });
	const app = apps.find(({ id }) => id === clientId);
	if (!app) throw new GraphError(101, undefined, { message: 'Error validating application. Cannot get application info due to a system error.' });
	if (typeof secret !== 'string' || !same(secret, app.secret)) throw new GraphError(1, undefined, { status: 400, message: 'Error validating client secret.' });
	if (given.grant_type !== 'client_credentials') throw new GraphError(100, undefined, { message: 'This sandbox gives tokens for grant_type=client_credentials only.' });
	return json({ access_token: appToken(app.id, app.secret), token_type: 'bearer' });
}

function appNamed(apps: readonly [App, ...App[]], id: string): App {
	return apps.find((app) => app.id === id) ?? apps[0];
}

function same(left: string, right: string): boolean {
	const [one, other] = [Buffer.from(left), Buffer.from(right)];
	return one.length === other.length && timingSafeEqual(one, other);
}
