import type { Knobs } from '../knobs';
import type { JsonObject } from '../http/json';
import type { Throughput } from './limits/throughput';
import type { BusinessProfile } from './number/businessProfile';

/** A phone number of the business. */
export interface BusinessNumber {
	readonly id: string;
	/** Digits with country code, as webhooks carry them. */
	readonly digits: string;
	/** As the API displays it. */
	readonly display: string;
	readonly verifiedName: string;
	readonly throughput: Throughput;
	/** Delivered service messages in a month, by `year-month`; beyond the free tier they are charged. */
	readonly serviceMessages: Map<string, number>;
	/** Digits of the people whom the business has blocked. */
	readonly blocked: Set<string>;
	readonly profile: BusinessProfile;
	/** The PIN of the two-step verification, once one is set. */
	pin: string | undefined;
	/** When the number was registered or deregistered, oldest first. */
	readonly registrations: number[];
	/** Whether webhooks name the key of a person's identity, and sends may ask for it. */
	identityKeyCheck: boolean;
}

export const appId = '990300000000001';
/** A second app of the same business, such as one that another tool is connected with. */
export const otherAppId = '990300000000002';
export const businessId = '990400000000001';
export const businessAccountId = '990200000000001';
export const phoneNumberId = '990100000000001';

/** The country code of the business: Meta puts it in front of every recipient that lacks a "+". */
export const countryCode = '44';

/** The business account (WABA), its numbers, and what the API tells of them. */
export class BusinessAccount {
	readonly id = businessAccountId;
	readonly name = 'Aldersea Borough Council';
	/** Whether the app receives this account's webhooks (`subscribed_apps`). */
	subscribed = true;
	private readonly numbers = new Map<string, BusinessNumber>();

	constructor(
		private readonly knobs: Knobs,
		throughput: Throughput,
	) {
		this.numbers.set(phoneNumberId, {
			id: phoneNumberId,
			digits: '441632960000',
			display: '+44 1632 960000',
			verifiedName: this.name,
			throughput,
			serviceMessages: new Map(),
			blocked: new Set(),
			profile: {},
			pin: undefined,
			registrations: [],
			identityKeyCheck: false,
		});
		this.reset();
	}

	/** Back to the state at the start. */
	reset(): void {
		this.subscribed = true;
		for (const number of this.numbers.values()) {
			number.throughput.clear();
			number.serviceMessages.clear();
			number.blocked.clear();
			number.registrations.length = 0;
			number.pin = undefined;
			number.identityKeyCheck = false;
			for (const name of Object.keys(number.profile)) delete number.profile[name as keyof BusinessProfile];
			Object.assign(number.profile, { about: 'News from your council', address: 'Civic Centre, Harbour Road, Aldersea', email: 'hello@aldersea.example', websites: ['https://aldersea.example/'], vertical: 'GOVT' });
		}
	}

	/** The number that acts where none is named. */
	get firstNumber(): BusinessNumber {
		return this.allNumbers()[0] as BusinessNumber;
	}

	number(id: string): BusinessNumber | undefined {
		return this.numbers.get(id);
	}

	allNumbers(): BusinessNumber[] {
		return [...this.numbers.values()];
	}

	/** What the phone number tells of where its webhooks go; set by whoever knows. */
	webhookConfiguration: (number: BusinessNumber) => JsonObject = () => ({});

	numberNode(number: BusinessNumber): JsonObject {
		return {
			id: number.id,
			display_phone_number: number.display,
			verified_name: number.verifiedName,
			quality_rating: this.knobs.qualityRating,
			code_verification_status: 'VERIFIED',
			name_status: 'APPROVED',
			platform_type: 'CLOUD_API',
			host_platform: 'CLOUD_API',
			throughput: { level: this.knobs.throughputPerSecond >= 1000 ? 'HIGH' : 'STANDARD' },
			status: this.knobs.numberRegistered ? 'CONNECTED' : 'DISCONNECTED',
			account_mode: 'LIVE',
			whatsapp_business_manager_messaging_limit: this.knobs.messagingLimit,
			messaging_limit_tier: this.knobs.messagingLimit,
			quality_score: { score: this.knobs.qualityRating },
			is_pin_enabled: number.pin !== undefined,
			is_on_biz_app: false,
			is_preverified_number: false,
			unified_cert_status: 'APPROVED',
			new_name_status: 'NONE',
			search_visibility: 'VISIBLE',
			last_onboarded_time: '2026-01-05T09:00:00+0000',
			is_official_business_account: false,
			country_code: 'GB',
			country_dial_code: countryCode,
			webhook_configuration: () => this.webhookConfiguration(number),
			health_status: () => this.health([{ entity_type: 'PHONE_NUMBER', id: number.id }]),
		};
	}

	accountNode(): JsonObject {
		return {
			id: this.id,
			name: this.name,
			currency: 'GBP',
			timezone_id: '70',
			message_template_namespace: 'sandbox_namespace',
			account_review_status: 'APPROVED',
			business_verification_status: 'verified',
			primary_funding_id: '990500000000001',
			ownership_type: 'SELF',
			country: 'GB',
			health_status: () => this.health([]),
		};
	}

	private health(own: Array<{ entity_type: string; id: string }>): JsonObject {
		const can = this.knobs.canSendMessage;
		const entities = [...own, { entity_type: 'WABA', id: this.id }, { entity_type: 'BUSINESS', id: businessId }, { entity_type: 'APP', id: appId }];
		const blocked = { errors: [{ error_code: 131031, error_description: 'The account is restricted.', possible_solution: 'Ask for a review in Business Support Home.' }] };
		return {
			can_send_message: can,
			entities: entities.map((entity) => ({ ...entity, can_send_message: entity.entity_type === 'WABA' ? can : 'AVAILABLE', ...(entity.entity_type === 'WABA' && can === 'BLOCKED' && blocked) })),
		};
	}
}

export const numberDefaults = ['display_phone_number', 'verified_name', 'quality_rating', 'code_verification_status', 'name_status', 'platform_type', 'throughput', 'status', 'webhook_configuration'] as const;
export const accountDefaults = ['name', 'currency', 'timezone_id', 'message_template_namespace'] as const;
