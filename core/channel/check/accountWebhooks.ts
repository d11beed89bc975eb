import { ok, problem, warning, type Check } from './finding';

/**
 * Whether the business account hands its webhooks to the app of this token. Forgetting this is the most frequent reason why
 * nothing arrives: the app's own subscription alone does not do (Meta: "Subscribed apps").
 */
export const accountWebhooks: Check = {
	name: 'webhooks-account',
	run: async ({ meta, store }) => {
		const apps = await meta.subscribedApps();
		const { desk } = await store();
		const appId = await meta.token().then((token) => token.appId, () => undefined);
		const ours = apps.find((app) => app.appId === appId) ?? (appId === undefined ? apps[0] : undefined);
		const others = apps.filter((app) => app !== ours).map(({ name, appId: id }) => name ?? id ?? 'unnamed');
		const data = { subscribed: ours !== undefined, appId: ours?.appId ?? null, otherApps: others, overrides: ours?.overrideAddress !== undefined };
		if (ours === undefined) {
			return problem('The business account does not send its webhooks to the app of this token, so no reply, STOP or receipt arrives.', 'Call POST /{business account id}/subscribed_apps with this token once, or press Subscribe under WhatsApp › Configuration of the app.', data);
		}
		if (ours.overrideAddress !== undefined && desk !== null && ours.overrideAddress !== desk.webhookAddress) {
			return problem('The business account sends its webhooks to another address than that of this desk.', `Enter ${desk.webhookAddress} at Meta, or subscribe again without an address of its own.`, data);
		}
		if (others.length > 0) return warning(`The business account sends its webhooks to this app, and also to: ${others.join(', ')}. Those see every reply of residents.`, 'Remove apps that are not needed under WhatsApp Manager › Account › Partners and apps.', data);
		return ok('The business account sends its webhooks to the app of this token.', data);
	},
};
