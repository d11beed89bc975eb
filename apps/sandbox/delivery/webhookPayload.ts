import type { BusinessNumber } from '../cloudApi/account';
import type { Knobs } from '../knobs';
import type { Resident } from '../residents/residents';

/** One change that a webhook tells. `time` is there on account-type fields only (Unix seconds). */
export interface WebhookUpdate {
	readonly field: string;
	readonly value: object;
	readonly time?: number;
}

/** Meta's bytes are ASCII: everything else is escaped in lower-case hex, and slashes may be too (Graph webhooks). */
export function escapeLikeMeta(jsonText: string, slashes: 'escaped' | 'plain' = 'escaped'): string {
	const slashed = slashes === 'escaped' && jsonText.includes('/') ? jsonText.replaceAll('/', '\\/') : jsonText;
	return /[\u0080-\uffff]/.test(slashed) ? slashed.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`) : slashed;
}

/** The business number that an update is about, if it is about one. */
export function phoneNumberIdOf(value: object): string | undefined {
	return (value as { metadata?: { phone_number_id?: string } }).metadata?.phone_number_id;
}

/** What an update is about, without what differs from one start to the next: times, and the ports in addresses. */
export function subjectOf({ field, value }: WebhookUpdate): string {
	const { statuses, messages, message_template_id: template } = value as { statuses?: Told[]; messages?: Told[]; message_template_id?: string | number };
	const [told] = statuses ?? messages ?? [];
	return [field, told?.id ?? template, told?.status].join(' ');
}

interface Told {
	readonly id?: string;
	readonly status?: string;
}

/** The envelope around serialised changes. Changes without `time` share one entry. */
export function envelope(accountId: string, changes: ReadonlyArray<{ json: string; time?: number }>): string {
	const plain = changes.filter(({ time }) => time === undefined).map(({ json }) => json);
	const entries = changes.flatMap(({ json, time }) => (time === undefined ? [] : [`{"id":"${accountId}","time":${time},"changes":[${json}]}`]));
	if (plain.length > 0) entries.unshift(`{"id":"${accountId}","changes":[${plain.join(',')}]}`);
	return `{"object":"whatsapp_business_account","entry":[${entries.join(',')}]}`;
}

export function metadataOf(number: BusinessNumber): object {
	return { display_phone_number: number.digits, phone_number_id: number.id };
}

/** A person as webhooks name them: by phone, by business-scoped id, or both. */
export function contactOf(resident: Resident, knobs: Knobs): object {
	return {
		profile: { name: resident.name },
		...(knobs.bsuid !== 'phone-hidden' && { wa_id: resident.number }),
		...(knobs.bsuid !== 'off' && { user_id: resident.userId }),
	};
}
