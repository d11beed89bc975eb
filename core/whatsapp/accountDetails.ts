import { type JsonObject, objectAt, textAt } from './jsonReading';

/** A business phone number at Meta (`GET /{phone number}`). Values are Meta's own words; absent ones were not told. */
export interface PhoneNumberDetails {
	id: string;
	/** As Meta displays it, for example `+44 1632 960000`. */
	displayNumber?: string;
	verifiedName?: string;
	/** `CONNECTED` when messages can be sent. */
	status?: string;
	nameStatus?: string;
	/** `GREEN`, `YELLOW`, `RED`, `NA` or `UNKNOWN`. */
	quality?: string;
	/** `TIER_250`, `TIER_2K`, `TIER_10K`, `TIER_100K` or `TIER_UNLIMITED`: people a day, for the whole portfolio. */
	messagingLimit?: string;
	/** `STANDARD` is 80 messages a second, `HIGH` 1,000. */
	throughput?: string;
	/** `LIVE` or `SANDBOX`. */
	accountMode?: string;
}

/** A WhatsApp business account at Meta (`GET /{business account}`). */
export interface BusinessAccountDetails {
	id: string;
	name?: string;
	currency?: string;
	timezoneId?: string;
	reviewStatus?: string;
	verificationStatus?: string;
	/** Without a payment method no template is sent. */
	hasPaymentMethod: boolean;
}

export const phoneNumberFields =
	'id,display_phone_number,verified_name,status,name_status,quality_rating,throughput,account_mode,whatsapp_business_manager_messaging_limit';

export const businessAccountFields = 'id,name,currency,timezone_id,account_review_status,business_verification_status,primary_funding_id';

export function readPhoneNumber(id: string, json: JsonObject): PhoneNumberDetails {
	return {
		id,
		displayNumber: textAt(json, 'display_phone_number'),
		verifiedName: textAt(json, 'verified_name'),
		status: textAt(json, 'status'),
		nameStatus: textAt(json, 'name_status'),
		quality: textAt(json, 'quality_rating'),
		messagingLimit: textAt(json, 'whatsapp_business_manager_messaging_limit'),
		throughput: textAt(objectAt(json, 'throughput'), 'level'),
		accountMode: textAt(json, 'account_mode'),
	};
}

export function readBusinessAccount(id: string, json: JsonObject): BusinessAccountDetails {
	return {
		id,
		name: textAt(json, 'name'),
		currency: textAt(json, 'currency'),
		timezoneId: textAt(json, 'timezone_id'),
		reviewStatus: textAt(json, 'account_review_status'),
		verificationStatus: textAt(json, 'business_verification_status'),
		hasPaymentMethod: textAt(json, 'primary_funding_id') !== undefined,
	};
}
