import type { JsonObject } from './jsonReading';
import type { E164 } from './phoneNumber';

/** What every event knows about where it came from. Absent fields were not in the webhook. */
export interface EventOrigin {
	/** Id of the WhatsApp business account (Meta now says Messaging account). */
	businessAccountId?: string;
	/** Id of our number. */
	phoneNumberId?: string;
}

export interface ReportedRefusal {
	code?: number;
	/** Without phone numbers. */
	title: string;
	details?: string;
}

/** Meta's words, kept as they came: the free tier and the rates are never worked out here. */
export interface ReportedPricing {
	billable?: boolean;
	model?: string;
	type?: string;
	category?: string;
	subtype?: string;
	/** The whole object as JSON; without what Meta added to it where that is long. */
	asTold: string;
}

/** What became of a message of ours. May come twice, in any order, and before the answer to the call is stored. */
export interface StatusEvent extends EventOrigin {
	kind: 'status';
	messageId: string;
	/** `sent`, `delivered`, `read`, `played` or `failed`; other words are possible in future (see statusLadder.ts). */
	status: string;
	/** Meta's time, in milliseconds. */
	at?: number;
	/** What was given to `sendTemplate`. A status without ours belongs to a message that somebody else sent. */
	callbackData?: string;
	recipient?: E164;
	/** Business-scoped user id, such as `GB.1349…`. */
	recipientUserId?: string;
	errors: ReportedRefusal[];
	pricing?: ReportedPricing;
}

/** Something a person sent to us. People with user names may come without a number, known by their user id alone. */
export interface MessageEvent extends EventOrigin {
	kind: 'message';
	messageId: string;
	from?: E164;
	fromUserId?: string;
	at?: number;
	/** Meta's type: `text`, `button`, `interactive`, `image`, `reaction`, `system` … */
	type: string;
	/** What the person typed: a text, or the caption of a picture, film or document. */
	text?: string;
	/** A tap on a quick reply of a template. */
	buttonText?: string;
	buttonPayload?: string;
	/** A choice in an interactive message: which button or row. */
	reply?: { id: string; title: string };
	profileName?: string;
	/** Id of the message that this one answers. */
	contextId?: string;
	/** For `type: 'system'`: the person's number or user id has changed. */
	change?: { type: string; userId?: string; previousUserId?: string; phone?: E164 };
	/** The message as it came, personal data included. */
	raw: JsonObject;
}

/** WhatsApp's own control to stop (or take again) a kind of message. */
export interface PreferenceEvent extends EventOrigin {
	kind: 'preference';
	from?: E164;
	fromUserId?: string;
	/** `marketing_messages` is the only one that Meta knows today. */
	category: string;
	value: 'stop' | 'resume';
	at?: number;
}

/** A template has changed its status, category, quality or parts. */
export interface TemplateEvent extends EventOrigin {
	kind: 'template';
	/** The webhook field: `message_template_status_update`, `template_category_update` … */
	field: string;
	/** Absent where the number was too long to be read exactly; name and language are the key then. */
	templateId?: string;
	name?: string;
	/** With an underscore, `en_GB`, also where the webhook wrote `en-GB`. */
	language?: string;
	/** `APPROVED`, `PAUSED`, `DISABLED`, `REJECTED` … */
	event?: string;
	reason?: string;
	category?: { previous?: string; current?: string; announced?: string };
	quality?: { previous?: string; current?: string };
	at?: number;
	raw: JsonObject;
}

/** Anything about the account or number: restrictions, limits, security, and refusals that belong to no message. */
export interface AccountEvent extends EventOrigin {
	kind: 'account';
	field: string;
	event?: string;
	errors: ReportedRefusal[];
	at?: number;
	raw: JsonObject;
}

/** Something in a known envelope that is not understood: counted and kept, never acted on. */
export interface OtherEvent extends EventOrigin {
	kind: 'other';
	field: string;
	raw: JsonObject;
}

export type WebhookEvent = StatusEvent | MessageEvent | PreferenceEvent | TemplateEvent | AccountEvent | OtherEvent;
