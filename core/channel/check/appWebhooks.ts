import { ok, problem, warning, type Check } from './finding';

/** Without these a STOP or a receipt is never heard of. */
const requiredFields = ['messages', 'user_preferences'];
/** What holds a broadcast in time, or tells IT (Meta: "Webhooks", fields of `whatsapp_business_account`). */
const usefulFields = ['message_template_status_update', 'template_category_update', 'message_template_quality_update', 'phone_number_quality_update', 'account_update', 'account_alerts', 'business_capability_update', 'security'];

/** Whether the app gets webhooks, which ones, and whether they come to this desk. */
export const appWebhooks: Check = {
	name: 'webhooks-app',
	run: async ({ meta, store }) => {
		const subscription = (await meta.appSubscriptions()).find(({ object }) => object === 'whatsapp_business_account');
		const apps = await meta.subscribedApps().catch(() => []);
		const { desk } = await store();
		const fields = subscription?.fields ?? [];
		const missing = requiredFields.filter((field) => !fields.includes(field));
		const useful = usefulFields.filter((field) => !fields.includes(field));
		const arrivesHere = desk !== null && (subscription?.callbackAddress === desk.webhookAddress || apps.some(({ overrideAddress }) => overrideAddress === desk.webhookAddress));
		const data = { subscribed: subscription !== undefined, active: subscription?.isActive ?? false, arrivesHere, fields, missing, recommended: useful };
		const enter = desk === null ? 'Activate the flow with the Civic Desk Trigger first.' : `In the app, under WhatsApp › Configuration, enter ${desk.webhookAddress} and the verify token of the channel.`;
		if (desk === null) return problem('This store knows no desk, so there is no address to which Meta could send webhooks.', enter, data);
		if (subscription === undefined || !subscription.isActive) return problem('The app has no active webhook for WhatsApp, so no reply, STOP or receipt arrives.', enter, data);
		if (!arrivesHere) return problem('The webhooks of the app go to another address than that of this desk.', enter, data);
		if (missing.length > 0) return problem(`The app is not subscribed to ${missing.join(' and ')}, without which replies and opt-outs are not heard of.`, 'Tick these fields under WhatsApp › Configuration › Webhook fields.', data);
		if (!desk.isOn) return problem('The webhooks come to this desk, but the desk is switched off.', 'Activate the flow with the Civic Desk Trigger.', data);
		if (useful.length > 0) return warning(`Replies and receipts arrive. Not subscribed: ${useful.join(', ')}.`, 'Tick these as well, so that a paused template or a restriction is heard of before a broadcast meets it.', data);
		return ok('Replies, receipts and notices of Meta arrive at this desk.', data);
	},
};
