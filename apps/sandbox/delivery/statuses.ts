import type { BusinessAccount, BusinessNumber } from '../cloudApi/account';
import { titleOf, type GraphCode } from '../cloudApi/graphError';
import type { SandboxClock } from '../clock';
import type { Knobs } from '../knobs';
import type { PhoneMessage, Resident, Residents } from '../residents/residents';
import type { SeededRandom } from '../seededRandom';
import { detailsOf, fateOf, type Step } from './fates';
import { Pricing } from './pricing';
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
	/** Whether the customer service window was open when the message was accepted. */
	readonly windowOpen: boolean;
	/** The Graph version of the call, such as 25; undefined where it named none. */
	readonly version?: number;
	/** What the circumstances of the send made certain. */
	readonly failure?: GraphCode;
	/** Told when the message fails: whoever counted it counts it no longer. */
	readonly onFailed?: () => void;
	/** How long WhatsApp tries to deliver it; 30 days when absent. */
	readonly ttlSeconds?: number;
}

/** How long Meta tries where the template sets no time (Meta, "Time to live"). */
const longestTtlSeconds = 30 * 24 * 60 * 60;

/** Everything that happens to a message after the API answered 200. */
export class StatusPlane {
	private readonly voiceMessages = new Map<string, AcceptedMessage>();
	private readonly pricing: Pricing;

	constructor(
		private readonly account: BusinessAccount,
		private readonly residents: Residents,
		private readonly webhooks: WebhookSender,
		private readonly schedule: Schedule,
		private readonly clock: SandboxClock,
		private readonly random: SeededRandom,
		private readonly knobs: Knobs,
	) {
		this.pricing = new Pricing(knobs, clock, random);
	}

	accept(accepted: AcceptedMessage): void {
		const { resident, message } = accepted;
		resident.expect(message);
		const failure = accepted.failure ?? this.refusedBy(accepted);
		const steps = fateOf(resident, this.random, this.knobs, failure);
		// To the sender, a block looks like a phone that never comes back, or like one that cannot be reached. Reactions have
		// no later status than `sent` (status webhook reference).
		if (resident.state.blocked && failure === undefined) resident.missInSilence(message.id, 'blocked');
		const noFurther = resident.state.blocked || message.content.reaction !== undefined;
		this.proceed(accepted, noFurther ? steps.filter(({ status }) => status === 'sent' || status === 'failed') : steps, 0, {});
		this.residents.changed(resident);
	}

	/** Voice messages that arrived: `played` comes when the resident listens to them. @returns whether the council is told */
	play(resident: Resident, id: string): boolean {
		const accepted = this.voiceMessages.get(id);
		if (accepted?.resident !== resident || accepted.message.tick === 'played' || !resident.readReceipts) return false;
		accepted.message.tick = 'played';
		this.tell(accepted, { status: 'played', afterMs: 0 }, undefined);
		this.residents.changed(resident);
		return true;
	}

	clear(): void {
		this.voiceMessages.clear();
	}

	private refusedBy({ resident: { state }, category }: AcceptedMessage): GraphCode | undefined {
		if (state.movedTo !== undefined || (state.blocked && this.knobs.blockedByResident === '131026')) return 131026;
		return state.marketingStopped && category === 'marketing' ? 131050 : undefined;
	}

	private proceed(accepted: AcceptedMessage, steps: readonly Step[], index: number, pricing: { object?: object }): void {
		const step = steps[index];
		if (!step) return;
		this.schedule.after(step.afterMs, () => this.reach(accepted, steps, index, pricing));
	}

	/** Takes a step whose time has come, or lets it wait for the phone. */
	private reach(accepted: AcceptedMessage, steps: readonly Step[], index: number, pricing: { object?: object }): void {
		const { resident, message, ttlSeconds = longestTtlSeconds } = accepted;
		const step = steps[index] as Step;
		const go = (): void => {
			// Somebody who reads when they like has no chat open in which a message would be read as it comes.
			const apart = step.status === 'read' && message.tick === 'sent' && !resident.state.readsByItself;
			this.take(accepted, apart ? { status: 'delivered', afterMs: 0 } : step, pricing);
			if (apart) this.reach(accepted, steps, index, pricing);
			else this.proceed(accepted, steps, index + 1, pricing);
		};
		if (step.status !== 'delivered' && step.status !== 'read') return go();
		const arrived = message.tick !== 'sent';
		const waiting = { messageId: message.id, status: step.status, arrived, expiresAt: message.at + ttlSeconds * 1000, go };
		if (resident.waiting.ready(waiting)) go();
		else if (!resident.waiting.keep(waiting)) resident.missInSilence(message.id, 'blocked');
	}

	private take(accepted: AcceptedMessage, step: Step, pricing: { object?: object }): void {
		const { resident, message } = accepted;
		const arrives = message.tick === 'sent' && step.status !== 'failed';
		message.tick = step.status;
		if (step.status === 'failed') {
			resident.miss(message, step.code);
			accepted.onFailed?.();
		}
		const reacts = message.content.reaction !== undefined && step.status === 'sent' && !resident.state.blocked;
		if (arrives || reacts) resident.add(message);
		if (arrives && message.content.media?.voice) this.voiceMessages.set(message.id, accepted);
		if (step.status === 'sent') pricing.object = this.pricing.of(accepted);
		if (arrives) this.pricing.arrived(accepted);
		this.tell(accepted, step, step.status === 'sent' || arrives ? pricing.object : undefined);
		this.residents.changed(resident);
	}

	/**
	 * A failed status names the person as the send did; the others always carry the user id (Meta, "Business-scoped user IDs").
	 * Pricing goes on `sent` and on the first of `delivered` and `read` (status webhook reference).
	 */
	private tell(accepted: AcceptedMessage, step: Step, pricing: object | undefined): void {
		const { number, resident, byUserId, message, callback } = accepted;
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
			...(!failed && this.pricing.conversation(accepted, step.status === 'sent')),
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
}

function errorOf(code: GraphCode): object {
	const title = titleOf(code);
	return { code, title, message: title, error_data: { details: detailsOf(code) }, href: '/documentation/business-messaging/whatsapp/support/error-codes' };
}
