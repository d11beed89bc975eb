import type { BusinessAccount, BusinessNumber } from '../cloudApi/account';
import type { MessageIds } from '../cloudApi/messageIds';
import type { SandboxClock } from '../clock';
import { contactOf, metadataOf } from '../delivery/webhookPayload';
import type { WebhookSender } from '../delivery/webhookSender';
import type { Knobs } from '../knobs';
import { choiceOf, shownContent, webhookContent, type ResidentAct } from './act';
import { ResidentRefusal } from './residentRefusal';
import type { PhoneMessage, Resident, Residents } from './residents';

export type { ResidentAct } from './act';

export interface InboundOptions {
	/** The business number written to; the first one by default. */
	number?: BusinessNumber;
	/** How long ago the message was written. */
	ageSeconds?: number;
	/** An id to repeat, for tests of duplicates. */
	id?: string;
	/** Forwarded, once or more than five times. */
	forwarded?: 'once' | 'often';
}

/** How long the council is shown to be typing, unless it answers before (Meta, "Typing indicators"). */
const typingMs = 25_000;

/** Messages from residents to the council. */
export class Inbound {
	private readonly writers = new Map<string, Resident>();

	constructor(
		private readonly account: BusinessAccount,
		private readonly residents: Residents,
		private readonly ids: MessageIds,
		private readonly webhooks: WebhookSender,
		private readonly clock: SandboxClock,
		private readonly knobs: Knobs,
	) {}

	/**
	 * @returns the id of the message
	 * @throws ResidentRefusal while the phone is off, has blocked the council, or has another number
	 */
	receive(resident: Resident, act: ResidentAct, options: InboundOptions = {}): string {
		checkReach(resident);
		const number = options.number ?? this.account.firstNumber;
		const at = this.clock.now() - (options.ageSeconds ?? 0) * 1000;
		const id = options.id ?? this.ids.inbound(resident.number, resident.written++);
		number.throughput.use();
		// Whom the business has blocked writes to nobody, without being told.
		const heard = !number.blocked.has(resident.number);
		const opensWindow = act.kind === 'reaction' ? this.knobs.reactionOpensWindow : act.kind !== 'unsupported';
		if (heard && opensWindow) resident.wrote(number.id, at);
		const chose = choiceOf(act);
		const answer = { ...(act.answers !== undefined && { answers: act.answers }), ...(chose !== undefined && { chose }) };
		resident.add({ id, from: 'resident', at, content: shownContent(act), tick: 'sent', ...answer });
		this.writers.set(id, resident);
		if (heard) this.webhooks.enqueue({ field: 'messages', value: this.payload(resident, number, id, at, act, options.forwarded) }, this.account.subscribed);
		this.residents.changed(resident);
		return id;
	}

	/**
	 * Marks the message and the earlier ones of its thread as read.
	 *
	 * @param typing whether the council shows that it is writing an answer
	 * @returns whether the id is known
	 */
	markAsRead(id: string, typing = false): boolean {
		const writer = this.writers.get(id);
		if (!writer) return false;
		// Whoever changes the number takes the chat along.
		const resident = this.residents.find(writer.state.movedTo ?? writer.number) ?? writer;
		if (typing) resident.typingUntil = this.clock.now() + typingMs;
		const own = resident.thread.filter(({ from }) => from === 'resident');
		const last = own.findIndex((message) => message.id === id);
		own.slice(0, last + 1).forEach((message: PhoneMessage) => (message.tick = 'read'));
		this.residents.changed(resident);
		return true;
	}

	/** Whether a message with this id ever came in. */
	wasReceived(id: string): boolean {
		return this.writers.has(id);
	}

	clear(): void {
		this.writers.clear();
	}

	private payload(resident: Resident, number: BusinessNumber, id: string, at: number, act: ResidentAct, forwarded: InboundOptions['forwarded']): object {
		const { bsuid } = this.knobs;
		return {
			messaging_product: 'whatsapp',
			metadata: metadataOf(number),
			contacts: [{ ...contactOf(resident, this.knobs), ...(number.identityKeyCheck && { identity_key_hash: resident.identityKeyHash }) }],
			messages: [
				{
					...((act.answers !== undefined || forwarded) && {
						context: {
							...(act.answers !== undefined && { from: number.digits, id: act.answers }),
							...(forwarded && { [forwarded === 'once' ? 'forwarded' : 'frequently_forwarded']: true }),
						},
					}),
					...(bsuid !== 'phone-hidden' && { from: resident.number }),
					...(bsuid !== 'off' && { from_user_id: resident.userId }),
					id,
					timestamp: String(Math.floor(at / 1000)),
					...webhookContent(act),
				},
			],
		};
	}
}

function checkReach({ name, state }: Resident): void {
	if (state.movedTo !== undefined) throw new ResidentRefusal(`${name} has another number now: use the phone +${state.movedTo}.`);
	if (state.blocked) throw new ResidentRefusal(`${name} has blocked the council. Unblock it on this phone first.`);
	if (!state.online) throw new ResidentRefusal(`The phone of ${name} is offline. Bring it back online first.`);
}
