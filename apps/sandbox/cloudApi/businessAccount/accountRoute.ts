import type { App } from '../../delivery/webhookSender';
import { json } from '../../http/json';
import type { TextAnswer } from '../../http/listener';
import { accountDefaults, businessAccountId, numberDefaults, type BusinessAccount } from '../account';
import { linkOf, type Callbacks } from '../app/subscriptions';
import { callParameters } from '../callParameters';
import type { GraphCall, GraphRoute } from '../cloudApi';
import { GraphError } from '../graphError';
import { selectFields } from '../nodeFields';
import { onlyKeys, optionalTextAt } from '../objectShape';
import { pageOf } from '../paging';

const overrideKeys = new Set(['override_callback_uri', 'verify_token']);

/** The business account: its fields, its numbers, and who gets its webhooks. */
export function accountRoute(account: BusinessAccount, app: App, callbacks: Callbacks): GraphRoute {
	return (call) => {
		if (call.id !== businessAccountId) return undefined;
		const { method, edge, query, address } = call;
		if (method === 'GET' && edge === '') return json(selectFields(account.accountNode(), query.get('fields'), accountDefaults, 'WhatsAppBusinessAccount'));
		if (method === 'GET' && edge === 'phone_numbers') {
			const nodes = account.allNumbers().map((number) => selectFields(account.numberNode(number), query.get('fields'), numberDefaults, 'WhatsAppBusinessPhoneNumber'));
			return json(pageOf(nodes, query, address, ({ id }) => String(id)));
		}
		return edge === 'subscribed_apps' ? subscribedApps(call, account, app, callbacks) : undefined;
	};
}

function subscribedApps(call: GraphCall, account: BusinessAccount, app: App, callbacks: Callbacks): TextAnswer | Promise<TextAnswer> | undefined {
	switch (call.method) {
		case 'GET': {
			const override = callbacks.at({ account: true })?.url;
			const own = { whatsapp_business_api_data: { id: app.id, name: app.name, link: linkOf(app) }, ...(override !== undefined && { override_callback_uri: override }) };
			return json({ data: account.subscribed ? [own] : [] });
		}
		case 'DELETE':
			account.subscribed = false;
			return json({ success: true });
		case 'POST':
			return subscribe(call, account, callbacks);
		default:
			return undefined;
	}
}

/** Without an address of its own, the account's webhooks go back to the app's (Meta, "Webhooks: override"). */
function subscribe(call: GraphCall, account: BusinessAccount, callbacks: Callbacks): TextAnswer | Promise<TextAnswer> {
	const given = callParameters(call);
	onlyKeys(given, overrideKeys, 'subscribed_apps');
	const address = optionalTextAt(given, 'override_callback_uri', 'override_callback_uri');
	const verifyToken = optionalTextAt(given, 'verify_token', 'verify_token');
	const subscribed = (): TextAnswer => {
		account.subscribed = true;
		return json({ success: true });
	};
	if (!address) {
		callbacks.forget({ account: true });
		return subscribed();
	}
	return callbacks.direct({ account: true }, address, verifyToken).then(subscribed, (thrown: unknown) => {
		throw new GraphError(100, undefined, { message: `(#100) Callback verification failed: ${thrown instanceof Error ? thrown.message : String(thrown)}` });
	});
}
