import type { SandboxClock } from '../../clock';
import type { AcceptedMessage, StatusPlane } from '../../delivery/statuses';
import type { Faults } from '../../faults';
import type { JsonObject } from '../../http/json';
import type { Knobs } from '../../knobs';
import type { Inbound } from '../../residents/inbound';
import type { Resident } from '../../residents/residents';
import type { TemplateCatalogue } from '../../templates/catalogue';
import type { Template } from '../../templates/template';
import type { TemplatePacing } from '../../templates/pacing';
import type { AcceptedMessages } from '../acceptedMessages';
import type { BusinessNumber } from '../account';
import { callParameters } from '../callParameters';
import type { GraphCall } from '../cloudApi';
import { GraphError, type GraphCode } from '../graphError';
import type { PairLimit } from '../limits/pairLimit';
import type { PortfolioReach } from '../limits/portfolioReach';
import type { MediaStore } from '../media/mediaStore';
import type { MessageIds } from '../messageIds';
import type { RecipientFinder } from '../recipient';
import { checkProduct, readDraft, type Draft } from './draft';
import type { Composed } from './family';
import { markAsRead } from './receipt';

/** What the sending of messages needs of the rest of the sandbox. */
export interface MessagesParts {
	readonly accountId: string;
	readonly knobs: Knobs;
	readonly clock: SandboxClock;
	readonly recipients: RecipientFinder;
	readonly templates: TemplateCatalogue;
	readonly media: MediaStore;
	readonly ids: MessageIds;
	readonly statuses: StatusPlane;
	readonly accepted: AcceptedMessages;
	readonly inbound: Inbound;
	readonly faults: Faults;
	readonly pacing: TemplatePacing;
	readonly pairs: PairLimit;
	readonly reach: PortfolioReach;
}

/** `POST /{phone-number-id}/messages`: read, refuse in Meta's order, accept. */
export class Messages {
	constructor(private readonly parts: MessagesParts) {}

	/**
	 * @returns the body of the answer with status 200
	 * @throws GraphError
	 */
	post(number: BusinessNumber, call: GraphCall): JsonObject {
		const { knobs, media, inbound, recipients, pairs, accountId } = this.parts;
		if (!knobs.numberRegistered) throw new GraphError(133010, 'Account is not registered.');
		const body = callParameters(call);
		checkProduct(body);
		if (body.status !== undefined) return markAsRead(body, inbound);
		const draft = readDraft(body, { number, media, knobs }, accountId);
		const { resident, contact } = recipients.find(draft.to, draft.userId, number);
		number.throughput.admit();
		pairs.admit(number.id, resident);
		return this.accept(number, resident, contact, draft, call.version);
	}

	private accept(number: BusinessNumber, resident: Resident, contact: { user_id?: string }, draft: Draft, version: number | undefined): JsonObject {
		const { knobs, media, templates, inbound, ids, accepted, pacing, clock } = this.parts;
		const now = clock.now();
		const windowOpen = resident.windowOpen(number.id, now);
		const composed = draft.compose({ number, media, knobs, resident, templates, now, wasReceived: (id) => inbound.wasReceived(id) });
		const wrong = this.failureOf(composed, draft, resident, windowOpen) ?? this.parts.faults.laterFailure(resident.number);
		const reached = wrong !== undefined || windowOpen ? 'known' : this.parts.reach.admit(resident.number);
		const failure = wrong ?? (reached === 'full' ? knobs.messagingLimitCode : undefined);
		const id = ids.outbound(resident.number, resident.accepted++);
		accepted.record(resident.number, draft.callback, id);
		const { template, content } = composed;
		const message = {
			id,
			from: 'council' as const,
			at: now,
			content,
			tick: 'accepted' as const,
			...(template && { template: template.name }),
			...(draft.answers !== undefined && { answers: draft.answers }),
		};
		const proceed = (discarded?: GraphCode): void => this.proceed(discarded ?? failure, {
			number,
			resident,
			byUserId: contact.user_id !== undefined,
			message,
			callback: draft.callback,
			category: template ? template.category.toLowerCase() : 'service',
			windowOpen,
			...(version !== undefined && { version }),
			...(reached === 'new' && { onFailed: () => this.parts.reach.release(resident.number) }),
			...ttlOf(template),
		});
		const message_status = template && pacing.admit(template, proceed);
		if (!template) proceed();
		return { messaging_product: 'whatsapp', contacts: [contact], messages: [{ id, ...(message_status && { message_status }) }] };
	}

	private proceed(failure: GraphCode | undefined, message: Omit<AcceptedMessage, 'failure'>): void {
		this.parts.statuses.accept({ ...message, ...(failure !== undefined && { failure }) });
	}

	/**
	 * What will come of the message for certain, in the order in which Meta would notice.
	 *
	 * @throws GraphError 131047 where the knob says that a closed window is refused at once
	 */
	private failureOf({ template, failure }: Composed, { identityKeyHash }: Draft, resident: Resident, windowOpen: boolean): GraphCode | undefined {
		if (!template && !windowOpen) {
			if (this.parts.knobs.windowClosed === 'synchronous') {
				throw new GraphError(131047, 'Message failed to send because more than 24 hours have passed since the customer last replied to this number.');
			}
			return 131047;
		}
		if (identityKeyHash !== undefined && identityKeyHash !== resident.identityKeyHash) return 137000;
		return failure;
	}
}

/** `-1` and no time at all stand for 30 days (Meta, "Time to live"). */
function ttlOf(template: Template | undefined): { ttlSeconds?: number } {
	const seconds = template?.message_send_ttl_seconds;
	return seconds === undefined || seconds < 0 ? {} : { ttlSeconds: seconds };
}
