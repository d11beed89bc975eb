import type { BusinessAccount } from '../cloudApi/account';
import type { MessageIds } from '../cloudApi/messageIds';
import type { SandboxClock } from '../clock';
import type { StatusPlane } from '../delivery/statuses';
import { metadataOf } from '../delivery/webhookPayload';
import type { WebhookSender } from '../delivery/webhookSender';
import type { Knobs } from '../knobs';
import { ResidentRefusal } from './residentRefusal';
import type { Resident, Residents } from './residents';

/** What a person does with the phone itself rather than in the chat. */
export class PhoneControls {
	constructor(
		private readonly account: BusinessAccount,
		private readonly residents: Residents,
		private readonly ids: MessageIds,
		private readonly webhooks: WebhookSender,
		private readonly statuses: StatusPlane,
		private readonly clock: SandboxClock,
		private readonly knobs: Knobs,
	) {}

	/** Switches the phone off or on. What waited is delivered when it comes back, unless its time to live is over. */
	setOnline(resident: Resident, online: boolean): void {
		this.set(resident, { online });
	}

	/** Blocks or unblocks the council. What was sent meanwhile never arrives. */
	setBlocked(resident: Resident, blocked: boolean): void {
		this.set(resident, { blocked });
	}

	/** Whether messages are read by themselves. */
	setReading(resident: Resident, readsByItself: boolean): void {
		this.set(resident, { readsByItself });
	}

	/** Opens the chat: everything in it is read. @returns how many messages the council is told of */
	read(resident: Resident): number {
		if (!resident.state.online) throw new ResidentRefusal(`The phone of ${resident.name} is offline. Bring it back online first.`);
		if (resident.state.blocked) throw new ResidentRefusal(`${resident.name} has blocked the council, so no reading is told. Unblock it first.`);
		const told = resident.waiting.readAll();
		this.residents.changed(resident);
		return told;
	}

	/** Listens to a voice message. @returns whether the council is told */
	play(resident: Resident, id: string): boolean {
		if (!resident.state.online) throw new ResidentRefusal(`The phone of ${resident.name} is offline. Bring it back online first.`);
		return this.statuses.play(resident, id);
	}

	/** WhatsApp's own control, which the council hears of (webhook field `user_preferences`). */
	setMarketing(resident: Resident, value: 'stop' | 'resume'): void {
		checkInUse(resident);
		if (!resident.state.online) throw new ResidentRefusal(`The phone of ${resident.name} is offline. Bring it back online first.`);
		const stopped = value === 'stop';
		if (resident.state.marketingStopped === stopped) return;
		const { bsuid } = this.knobs;
		const person = { ...(bsuid !== 'phone-hidden' && { wa_id: resident.number }), ...(bsuid !== 'off' && { user_id: resident.userId }) };
		const preference = {
			...person,
			category: 'marketing_messages',
			value,
			detail: stopped ? 'User requested to stop marketing messages' : 'User requested to resume marketing messages',
			timestamp: Math.floor(this.clock.now() / 1000),
		};
		const contact = { profile: { name: resident.name }, ...person };
		this.webhooks.enqueue(
			{ field: 'user_preferences', value: { messaging_product: 'whatsapp', metadata: metadataOf(this.account.firstNumber), contacts: [contact], user_preferences: [preference] } },
			this.account.subscribed,
		);
		this.set(resident, { marketingStopped: stopped });
	}

	/**
	 * Takes another number along with the chat. The council hears of it (webhook `messages`, type `system`), the person gets a
	 * new user id, and the old number reaches nobody.
	 *
	 * @param digits of the new number, in E.164 order
	 * @throws ResidentRefusal when somebody has that number
	 */
	changeNumber(resident: Resident, digits: string): Resident {
		checkInUse(resident);
		if (!resident.state.online) throw new ResidentRefusal(`The phone of ${resident.name} is offline. Bring it back online first.`);
		if (this.residents.find(digits) || this.account.allNumbers().some((number) => number.digits === digits)) throw new ResidentRefusal(`+${digits} belongs to somebody already.`);
		const { bsuid } = this.knobs;
		const id = this.ids.inbound(resident.number, resident.written++);
		const moved = this.residents.at(digits, resident.name);
		moved.takeOver(resident);
		moved.invited = true;
		Object.assign(moved.state, { ...resident.state });
		const system = {
			body: `${resident.name} changed from ${resident.number} to ${digits}`,
			type: bsuid === 'phone-hidden' ? 'user_changed_user_id' : 'user_changed_number',
			...(bsuid !== 'phone-hidden' && { wa_id: digits }),
			...(bsuid !== 'off' && { user_id: moved.userId, previous_user_id: resident.userId }),
		};
		const message = { ...(bsuid !== 'phone-hidden' && { from: resident.number }), id, timestamp: this.clock.timestamp(), type: 'system', system };
		this.webhooks.enqueue({ field: 'messages', value: { messaging_product: 'whatsapp', metadata: metadataOf(this.account.firstNumber), messages: [message] } }, this.account.subscribed);
		resident.state.movedTo = digits;
		resident.waiting.clear();
		this.residents.changed(resident);
		this.residents.changed(moved);
		return moved;
	}

	/** Takes away what waits for phones that are off and is too late by now. */
	dropLate(): void {
		for (const resident of this.residents.all()) if (resident.waiting.count > 0) this.release(resident);
	}

	private set(resident: Resident, change: Partial<Resident['state']>): void {
		checkInUse(resident);
		Object.assign(resident.state, change);
		this.release(resident);
	}

	private release(resident: Resident): void {
		for (const id of resident.waiting.release(this.clock.now())) resident.missInSilence(id, 'expired');
		this.residents.changed(resident);
	}
}

function checkInUse({ name, state }: Resident): void {
	if (state.movedTo !== undefined) throw new ResidentRefusal(`${name} has another number now: use the phone +${state.movedTo}.`);
}
