import { isCivicError } from '../../errors';
import type { TokenDetails } from './metaReadings';
import { ok, problem, warning, type Check, type Found } from './finding';

/** Meta: "Webhooks overview", permissions: one to send and receive, one to read templates and numbers. */
const neededScopes = ['whatsapp_business_messaging', 'whatsapp_business_management'];

const day = 24 * 3600_000;
const soonDays = 14;

const renew = 'In Meta Business Settings, make a token of a system user that never expires, with both WhatsApp permissions, and enter it in the credential "Civic WhatsApp API".';

export const token: Check = {
	name: 'token',
	run: async ({ meta, clock, settings }) => {
		try {
			return judge(await meta.token(), settings.businessAccountId, clock.now());
		} catch (thrown) {
			// That Meta does not take the token is an answer, not a failure to find out.
			if (isCivicError(thrown) && thrown.code === 'channel.access') return problem(thrown.message, renew);
			throw thrown;
		}
	},
};

function judge({ isValid, expiresAt, scopes, targets, appId }: TokenDetails, accountId: string, now: number): Found {
	const missingScopes = neededScopes.filter((scope) => !scopes.includes(scope));
	const closedScopes = neededScopes.filter((scope) => targets[scope] !== undefined && !targets[scope].includes(accountId));
	const data = { appId: appId ?? null, isValid, expiresAt: typeof expiresAt === 'number' ? new Date(expiresAt).toISOString() : null, scopes, missingScopes };
	if (!isValid) return problem('Meta says that the access token is not valid.', renew, data);
	if (typeof expiresAt === 'number' && expiresAt <= now) return problem('The access token has expired.', renew, data);
	if (missingScopes.length > 0) return problem(`The access token lacks the permission ${missingScopes.join(' and ')}.`, renew, data);
	if (closedScopes.length > 0) return problem('The access token holds its permissions for other business accounts, not for this one.', 'In Meta Business Settings, assign this business account to the system user of the token.', data);
	if (typeof expiresAt === 'number') {
		const days = Math.floor((expiresAt - now) / day);
		const words = `The access token is valid for ${days === 0 ? 'less than a day' : days === 1 ? '1 more day' : `${days} more days`}.`;
		return days < soonDays ? problem(words, renew, data) : warning(`${words} Then nothing can be sent any more.`, renew, data);
	}
	return ok('The access token is valid, never expires and has both permissions.', data);
}
