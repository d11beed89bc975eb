import { type JsonObject, flagAt, integerAt, momentAt, objectAt, objectsAt, textAt } from './jsonReading';
import { isE164 } from './phoneNumber';
import type { ShownRecipient } from './recipient';
import { redact } from './redaction';
import type { EventOrigin, ReportedPricing, ReportedRefusal, StatusEvent } from './webhookEvent';

/** Reads one of `statuses[]` (Meta: "Status messages webhook reference"); undefined without id or status. */
export function readStatus(origin: EventOrigin, status: JsonObject): StatusEvent | undefined {
	const messageId = textAt(status, 'id');
	const word = textAt(status, 'status');
	if (messageId === undefined || word === undefined) return undefined;
	const { phone, userId } = readPerson(status, 'recipient_id', 'recipient_user_id');
	return {
		kind: 'status',
		...origin,
		messageId,
		status: word,
		at: momentAt(status, 'timestamp'),
		callbackData: textAt(status, 'biz_opaque_callback_data'),
		recipient: phone,
		recipientUserId: userId,
		errors: readErrors(status),
		pricing: readPricing(objectAt(status, 'pricing')),
	};
}

/** A person by number, by business-scoped user id, or both. Webhooks write the number without its plus. */
export function readPerson(from: JsonObject | undefined, phoneField: string, userField: string): ShownRecipient {
	const digits = textAt(from, phoneField);
	const phone = digits === undefined ? undefined : `+${digits.replace(/^\+/, '')}`;
	return { phone: phone !== undefined && isE164(phone) ? phone : undefined, userId: textAt(from, userField) };
}

export function readErrors(holder: JsonObject): ReportedRefusal[] {
	return objectsAt(holder, 'errors').map((error) => {
		const details = textAt(objectAt(error, 'error_data'), 'details');
		return {
			code: integerAt(error, 'code'),
			title: redact(textAt(error, 'title') ?? textAt(error, 'message') ?? 'no title', 120),
			...(details === undefined ? {} : { details: redact(details, 300) }),
		};
	});
}

/** Meta's object has some 120 characters. */
const longestPricing = 1000;

function readPricing(pricing: JsonObject | undefined): ReportedPricing | undefined {
	if (pricing === undefined) return undefined;
	const whole = JSON.stringify(pricing);
	const known = { billable: flagAt(pricing, 'billable'), ...Object.fromEntries(['pricing_model', 'type', 'category', 'subtype'].map((name) => [name, textAt(pricing, name)?.slice(0, 100)])) };
	return {
		asTold: whole.length <= longestPricing ? whole : JSON.stringify(known),
		billable: flagAt(pricing, 'billable'),
		model: textAt(pricing, 'pricing_model'),
		type: textAt(pricing, 'type'),
		category: textAt(pricing, 'category'),
		subtype: textAt(pricing, 'subtype'),
	};
}
