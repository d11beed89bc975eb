import type { BusinessAccount, BusinessNumber } from '../cloudApi/account';
import type { SandboxClock } from '../clock';
import type { WebhookSender } from './webhookSender';

/** Types of `restriction_info` (Meta, webhooks: `account_update`). */
export const restrictionTypes = ['RESTRICTED_BIZ_INITIATED_MESSAGING', 'RESTRICTED_CUSTOMER_INITIATED_MESSAGING', 'RESTRICTED_UTILITY_TEMPLATES', 'RESTRICTED_DIRECT_SEND_UTILITY_TEMPLATES', 'RESTRICTED_ADD_PHONE_NUMBER_ACTION'] as const;

/** What Meta alerts of (Meta, webhooks: `account_alerts`). */
export interface Alert {
	readonly entity: 'BUSINESS' | 'PHONE_NUMBER' | 'CURRENT_STATUS_ID';
	readonly severity: 'CRITICAL' | 'WARNING' | 'INFORMATIONAL';
	readonly status: 'ACTIVE' | 'NONE';
	readonly type: string;
	readonly description: string;
}

/** Tells the council about its account and its numbers: one method a webhook field. */
export class AccountNews {
	constructor(
		private readonly account: BusinessAccount,
		private readonly businessId: string,
		private readonly webhooks: WebhookSender,
		private readonly clock: SandboxClock,
	) {}

	numberQuality(event: string, { digits }: BusinessNumber, limit: string): void {
		this.tell('phone_number_quality_update', { display_phone_number: digits, event, max_daily_conversations_per_business: limit });
	}

	capability(limit: string): void {
		this.tell('business_capability_update', { max_daily_conversations_per_business: limit, max_phone_numbers_per_business: 20, max_phone_numbers_per_waba: 25 });
	}

	restricted(types: readonly string[], until: number): void {
		this.accountUpdate('ACCOUNT_RESTRICTION', { restriction_info: types.map((restriction_type) => ({ restriction_type, expiration: Math.floor(until / 1000) })) });
	}

	violation(type: string): void {
		this.accountUpdate('ACCOUNT_VIOLATION', { violation_info: { violation_type: type } });
	}

	ban(state: string): void {
		const date = new Date(this.clock.now()).toLocaleDateString('en-US', { month: 'long', day: 'numeric', year: 'numeric', timeZone: 'UTC' });
		this.accountUpdate('DISABLED_UPDATE', { ban_info: { waba_ban_state: state, waba_ban_date: date } });
	}

	alert({ entity, severity, status, type, description }: Alert): void {
		const entity_id = entity === 'BUSINESS' ? this.businessId : this.account.firstNumber.id;
		this.tell('account_alerts', { entity_type: entity, entity_id, alert_info: { alert_severity: severity, alert_status: status, alert_type: type, alert_description: description } });
	}

	security(event: string, { digits }: BusinessNumber, requester: string): void {
		this.tell('security', { display_phone_number: digits, event, requester });
	}

	nameDecision(decision: string, name: string, reason: string | undefined, { digits }: BusinessNumber): void {
		this.tell('phone_number_name_update', { display_phone_number: digits, decision, requested_verified_name: name, rejection_reason: reason ?? 'NONE' });
	}

	review(decision: string): void {
		this.tell('account_review_update', { decision });
	}

	/** Any field with any value: for what has no method here. */
	tell(field: string, value: object): void {
		this.webhooks.enqueue({ field, value, time: Math.floor(this.clock.now() / 1000) }, this.account.subscribed);
	}

	private accountUpdate(event: string, value: object): void {
		this.tell('account_update', { event, ...value });
	}
}
