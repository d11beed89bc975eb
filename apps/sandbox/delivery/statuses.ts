import type { BusinessAccount, BusinessNumber } from '../cloudApi/account';
import { titleOf, type GraphCode } from '../cloudApi/graphError';
import type { SandboxClock } from '../clock';
import type { Knobs } from '../knobs';
import type { PhoneMessage, Resident, Residents } from '../residents/residents';
import type { SeededRandom } from '../seededRandom';
import { detailsOf, fateOf, type Step } from './fates';
import type { Schedule } from './schedule';
import { contactOf, metadataOf } from './webhookPayload';
import type { WebhookSender } from './webhookSender';

/** A message that the API accepted. */
export interface AcceptedMessage {
	readonly number: BusinessNumber;
	readonly resident: Resident;
	/** Whether the send named the person by user id rather than by phone. */
	readonly byUserId: boolean;
	readonly message: PhoneMessage;
	readonly callback: string | undefined;
	/** The pricing category in lower case; `service` for free-form messages. */
	readonly category: string;
	/** What the circumstances of the send made certain. */
	readonly failure?: GraphCode;
}

/** Everything that happens to a message after the API answered 200. */
export class StatusPlane {
	constructor(
		private readonly account: BusinessAccount,
		private readonly residents: Residents,
		private readonly webhooks: WebhookSender,
		private readonly schedule: Schedule,
		private readonly clock: SandboxClock,
		private readonly random: SeededRandom,
		private readonly knobs: Knobs,
	) {}

	accept(accepted: AcceptedMessage): void {
		this.proceed(accepted, fateOf(accepted.resident, this.random, this.knobs, accepted.failure), 0, {});
	}

	private proceed(accepted: AcceptedMessage, steps: readonly Step[], index: number, pricing: { object?: object }): void {
		const step = steps[index];
		if (!step) return;
		this.schedule.after(step.afterMs, () => {
			this.take(accepted, step, pricing);
			this.proceed(accepted, steps, index + 1, pricing);
		});
	}

	private take(accepted: AcceptedMessage, step: Step, pricing: { object?: object }): void {
		const { resident, message } = accepted;
		const arrives = message.tick === 'sent' && step.status !== 'failed';
		message.tick = step.status;
		if (step.status === 'failed') {
			resident.lost++;
			resident.lastLostCode = step.code;
		}
		if (arrives) resident.add(message);
		if (step.status === 'sent') pricing.object = this.price(accepted);
		this.tell(accepted, step, step.status === 'sent' || arrives ? pricing.object : undefined);
		if (step.status !== 'sent') this.residents.changed(resident);
	}

	/**
	 * A failed status names the person as the send did; the others always carry the user id (Meta, "Business-scoped user IDs").
	 * Pricing goes on `sent` and on the first of `delivered` and `read` (status webhook reference).
	 */
	private tell({ number, resident, byUserId, message, callback }: AcceptedMessage, step: Step, pricing: object | undefined): void {
		const failed = step.status === 'failed';
		const namesPhone = this.knobs.bsuid !== 'phone-hidden' || (failed && !byUserId);
		const namesUser = this.knobs.bsuid !== 'off' && (!failed || byUserId);
		const status = {
			id: message.id,
			status: step.status,
			timestamp: this.clock.timestamp(),
			...(namesPhone && { recipient_id: resident.number }),
			...(namesUser && { recipient_user_id: resident.userId }),
			...(callback !== undefined && { biz_opaque_callback_data: callback }),
			...(pricing && { pricing }),
			...(failed && { errors: [errorOf(step.code)] }),
		};
		const value = {
			messaging_product: 'whatsapp',
			metadata: metadataOf(number),
			...(!failed && { contacts: [contactOf(resident, this.knobs)] }),
			statuses: [status],
		};
		this.webhooks.enqueue({ field: 'messages', value }, this.account.subscribed);
	}

	private price({ number, category }: AcceptedMessage): object {
		if (category !== 'service') return { billable: true, pricing_model: 'PMP', type: 'regular', category };
		const month = new Date(this.clock.now()).toISOString().slice(0, 7);
		const used = number.serviceMessages.get(month) ?? 0;
		number.serviceMessages.set(month, used + 1);
		const free = used < this.knobs.freeServiceMessages;
		return { billable: !free, pricing_model: 'PMP', type: free ? 'free_customer_service' : 'regular', category };
	}
}

function errorOf(code: GraphCode): object {
	const title = titleOf(code);
	return { code, title, message: title, error_data: { details: detailsOf(code) }, href: '/documentation/business-messaging/whatsapp/support/error-codes' };
}
