import type { SandboxInside } from '../sandbox';
import { AccessTokenCheck } from './accessToken';
import { businessAccountId } from './account';
import { subscriptionsRoute, type Callbacks } from './app/subscriptions';
import { accountRoute } from './businessAccount/accountRoute';
import { CloudApi, type GraphCall } from './cloudApi';
import { counted } from './limits/managementCalls';
import { MediaAddresses } from './media/mediaAddresses';
import { mediaRoute } from './media/mediaRoute';
import { BlockedUsers } from './number/blockedUsers';
import { numberRoute } from './number/numberRoute';
import { Registration } from './number/registration';
import { templateRoute } from '../templates/templateRoute';
import { tokenRoute } from './tokens';

/** The public face of a sandbox, with all of its routes. The one that is called most comes first. */
export function assembleApi(inside: SandboxInside, realLookingTokens: boolean): CloudApi {
	const { settings, account, messages, templates, authoring, media, clock, knobs, residents, random, faults, journal, limits } = inside;
	const { apps } = settings;
	const access = new AccessTokenCheck(settings.token, apps, knobs, () => clock.now());
	const mediaAddresses = new MediaAddresses(access, media, () => clock.dateHeader());
	const callbacks = callbacksOf(inside);
	account.webhookConfiguration = (number) => {
		const [application, whatsapp_business_account, phone_number] = [callbacks.at({ app: apps[0].id }), callbacks.at({ account: true }), callbacks.at({ number: number.id })].map((callback) => callback?.url);
		return { ...(application && { application }), ...(whatsapp_business_account && { whatsapp_business_account }), ...(phone_number && { phone_number }) };
	};
	/** The nodes and edges that Meta's page names, and the other calls about the account, which are assumed to count too. */
	const managed = ({ id, edge, method }: GraphCall): boolean => id === businessAccountId || (edge === '' && method === 'GET' && account.number(id) !== undefined) || templates.get(id) !== undefined;
	const number = numberRoute({ account, messages, callbacks, registration: new Registration(knobs, () => clock.elapsed()), blocked: new BlockedUsers(residents, knobs, () => clock.now()) });
	const businessAccount = accountRoute(account, apps[0], callbacks);
	const template = templateRoute(templates, authoring);
	return new CloudApi({
		access,
		apps,
		mediaAddresses,
		faults,
		journal,
		random,
		realLookingTokens,
		routes: [
			counted(limits.calls, managed, (call) => number(call) ?? businessAccount(call) ?? template(call)),
			mediaRoute(account, media, mediaAddresses),
			tokenRoute(access, apps, knobs),
			subscriptionsRoute(apps, callbacks),
		],
	});
}

function callbacksOf({ webhooks, target }: SandboxInside): Callbacks {
	return {
		at(place) {
			const callback = webhooks.at(place);
			return callback && { url: callback.url.href, fields: callback.fields && [...callback.fields] };
		},
		direct: (place, address, verifyToken, fields) => target.accept(address, { place, verifyToken, fields }),
		narrow: (place, fields) => webhooks.direct(webhooks.at(place)?.url.href, place, fields),
		forget: (place) => target.forget(place),
	};
}
