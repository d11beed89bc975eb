import type { BusinessNumber } from '../cloudApi/account';
import type { Clock } from '../clock';
import type { Knobs } from '../knobs';
import type { SeededRandom } from '../seededRandom';

/** What pricing looks at in an accepted message. */
export interface PricedMessage {
	readonly number: BusinessNumber;
	readonly resident: { readonly number: string };
	/** In lower case; `service` for free-form messages. */
	readonly category: string;
	readonly windowOpen: boolean;
	readonly message: { readonly at: number; readonly content: { readonly reaction?: unknown } };
	readonly version?: number;
}

/** The last Graph version whose statuses told of a conversation (Meta, status webhook reference). */
const lastWithConversation = 23;
const dayMs = 24 * 60 * 60 * 1000;

/** Months of the business account's time zone, by which the free tier starts anew (Meta, "Pricing"). */
const months = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London', year: 'numeric', month: '2-digit' });

/** What a message costs, as its statuses tell it (Meta, "Pricing" and the status webhook reference). */
export class Pricing {
	constructor(
		private readonly knobs: Knobs,
		private readonly clock: Clock,
		private readonly random: SeededRandom,
	) {}

	/** The `pricing` of a message that is being sent. */
	of({ number, category, windowOpen, message }: PricedMessage): object {
		const priced = (type: string, billable = type === 'regular'): object => ({ billable, pricing_model: 'PMP', type, category });
		if (category === 'utility' && windowOpen) return priced(this.knobs.utilityInWindow);
		if (category !== 'service') return priced('regular');
		if (message.content.reaction !== undefined || this.delivered(number) < this.knobs.freeServiceMessages) return priced('free_customer_service');
		return this.knobs.paidExempt ? { ...priced('regular', false), subtype: 'paid_exempt' } : priced('regular');
	}

	/** A message arrived: one of the free service messages of the month is used up. Reactions are outside the count. */
	arrived({ number, category, message }: PricedMessage): void {
		if (category === 'service' && message.content.reaction === undefined) number.serviceMessages.set(this.month(), this.delivered(number) + 1);
	}

	/** The `conversation` that statuses named until v23.0; its end stands on `sent` only. */
	conversation({ number, resident, category, message, version }: PricedMessage, isSent: boolean): { conversation?: object } {
		if (version === undefined || version > lastWithConversation) return {};
		const opened = Math.floor(message.at / dayMs) * dayMs;
		const id = ['one', 'two', 'three', 'four'].map((part) => this.random.integer(`${number.id}${resident.number}${category}`, part, opened / dayMs).toString(16).padStart(8, '0')).join('');
		return { conversation: { id, ...(isSent && { expiration_timestamp: String((opened + dayMs) / 1000) }), origin: { type: category } } };
	}

	private delivered({ serviceMessages }: BusinessNumber): number {
		return serviceMessages.get(this.month()) ?? 0;
	}

	private month(): string {
		return months.format(this.clock.now());
	}
}
