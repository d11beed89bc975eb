import type { CheckWorld } from '../../../../core/channel/check/checkWorld';
import type { MetaReadings } from '../../../../core/channel/check/metaReadings';
import type { StoreFacts } from '../../../../core/channel/check/storeFacts';
import { parseChannelSettings } from '../../../../core/channel/parseSettings';
import { parseTemplate, type Template } from '../../../../core/whatsapp/template';
import { officeFields } from '../../../council/office';

export const now = Date.parse('2026-11-24T09:00:00Z');
export const deskAddress = 'https://n8n.aldersea.example/webhook/7b1f/whatsapp';

/** The answers of a Meta and a store where all is well; a function stands for one that cannot answer. */
export interface Answers {
	meta: { [Name in keyof MetaReadings]: Awaited<ReturnType<MetaReadings[Name]>> | Error };
	store: StoreFacts | Error;
	host: CheckWorld['host'];
	channel: Record<string, unknown>;
}

export function template(changes: Record<string, unknown> = {}): Template {
	return parseTemplate({ id: '1', name: 'civic_sign_off_request', language: 'en_GB', status: 'APPROVED', category: 'UTILITY', quality_score: { score: 'GREEN' }, components: [{ type: 'BODY', text: 'x' }], ...changes });
}

export function wellAnswers(): Answers {
	return {
		meta: {
			number: { id: '106540352242922', status: 'CONNECTED', nameStatus: 'APPROVED', verifiedName: 'Aldersea Borough Council', quality: 'GREEN', messagingLimit: 'TIER_10K', throughput: 'STANDARD', accountMode: 'LIVE' },
			account: { id: '102290129340398', name: 'Aldersea', currency: 'GBP', reviewStatus: 'APPROVED', verificationStatus: 'verified', hasPaymentMethod: true },
			health: { canSend: 'AVAILABLE', causes: [] },
			accountNumbers: ['106540352242922'],
			token: { appId: '900', isValid: true, expiresAt: null, scopes: ['whatsapp_business_messaging', 'whatsapp_business_management'], targets: {} },
			subscribedApps: [{ appId: '900', name: 'Civic Comms' }],
			appSubscriptions: [
				{
					object: 'whatsapp_business_account',
					callbackAddress: deskAddress,
					isActive: true,
					fields: ['messages', 'user_preferences', 'message_template_status_update', 'template_category_update', 'message_template_quality_update', 'phone_number_quality_update', 'account_update', 'account_alerts', 'business_capability_update', 'security'],
				},
			],
			templates: { templates: [template()], more: false },
			clockAhead: 800,
		},
		store: { desk: { webhookAddress: deskAddress, isOn: true }, adoptedAt: now, peopleReached: 40, templates: [], unmatchedStatuses: 0 },
		host: { env: { N8N_RUNNERS_MODE: 'external', NODE_FUNCTION_ALLOW_BUILTIN: '' }, nodeTypes: ['n8n-nodes-base.form', '@n8n/n8n-nodes-langchain.agent', 'n8n-nodes-civic-comms.civicWhatsApp'] },
		channel: {},
	};
}

export function worldOf({ meta, store, host, channel }: Answers): CheckWorld {
	const answering = (answer: unknown) => () => (answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer));
	return {
		settings: parseChannelSettings(officeFields(channel)),
		meta: Object.fromEntries(Object.entries(meta).map(([name, answer]) => [name, answering(answer)])) as unknown as MetaReadings,
		store: answering(store) as CheckWorld['store'],
		clock: { now: () => now },
		host,
	};
}
