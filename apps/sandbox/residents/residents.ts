import type { GraphCode } from '../cloudApi/graphError';
import type { Knobs } from '../knobs';
import type { SeededRandom } from '../seededRandom';
import type { MessageContent } from './messageContent';
import { readPhoneNumber } from './phoneNumber';
import { freshPhone, type PhoneState } from './phoneState';
import { WaitingStatuses } from './waitingStatuses';

export type Tick = 'accepted' | 'sent' | 'delivered' | 'read' | 'played' | 'failed';

/** A message on a resident's phone. */
export interface PhoneMessage {
	readonly id: string;
	readonly from: 'council' | 'resident';
	/** Milliseconds since the epoch, by the sandbox's clock. */
	readonly at: number;
	readonly content: MessageContent;
	/** How far the message got in the eyes of its sender. */
	tick: Tick;
	/** Template name, for messages sent with one. */
	readonly template?: string;
	/** The message that this one answers. */
	readonly answers?: string;
	/** For an answer by button or list: the button's text or id, or the row's id. */
	readonly chose?: string;
	/** Why it never arrived. */
	failure?: GraphCode;
	/** Why nobody is told that it never arrives: its time to live was over, or the council was blocked. */
	silence?: 'expired' | 'blocked';
}

const longestThread = 200;
/** Of the messages that never arrive, the newest are kept to look at. */
const mostMissed = 50;
const windowMs = 24 * 60 * 60 * 1000;

const givenNames = ['Aled', 'Amira', 'Beth', 'Callum', 'Dilys', 'Ewan', 'Farah', 'Gwen', 'Harriet', 'Idris', 'Jo', 'Kwame', 'Leila', 'Morgan', 'Nia', 'Owen', 'Priya', 'Rhys', 'Sam', 'Tomasz', 'Una', 'Viktor', 'Wen', 'Yusuf'];
const initials = 'ABCDEFGHJKLMNOPRSTW';

/** One person with a phone. */
export class Resident {
	/** Business-scoped user id: stable for this sandbox's business portfolio. */
	readonly userId: string;
	readonly name: string;
	readonly readReceipts: boolean;
	/** Changes when the person changes number or device; a business may insist on the one it knows. */
	identityKeyHash: string;
	/** Reached because a number was sent without its "+": nobody the council meant. */
	stranger = false;
	/** Has a phone on the wall even without messages. */
	invited = false;
	/** How many messages were accepted for this phone, and how many it sent. */
	accepted = 0;
	written = 0;
	/** Messages that will never arrive, with the code of the newest. */
	lost = 0;
	lastLostCode: number | undefined;
	/** Until when the council is shown to be typing, in milliseconds since the epoch. */
	typingUntil = 0;
	/** How the phone and the chat are set just now. */
	readonly state: PhoneState = freshPhone();
	/** Statuses that wait for the phone. */
	readonly waiting = new WaitingStatuses(this.state);
	private readonly messages: PhoneMessage[] = [];
	private missed = 0;
	private readonly elsewhere = new Map<string, PhoneMessage>();
	private readonly lastInbound = new Map<string, number>();

	constructor(
		/** Digits in E.164 order, without "+". */
		readonly number: string,
		random: SeededRandom,
		knobs: Knobs,
		name?: string,
	) {
		const pick = random.integer(number, 'name');
		this.name = name ?? `${givenNames[pick % givenNames.length]} ${initials[(pick >>> 8) % initials.length]}.`;
		this.userId = `GB.1${String(random.integer(number, 'user id')).padStart(10, '0')}${number.slice(-9)}`;
		this.identityKeyHash = Buffer.from(`${random.integer(number, 'identity')}`).toString('base64');
		this.readReceipts = random.share(number, 'read receipts') >= knobs.noReadReceipts;
	}

	/** Whether there is anything to see on this phone; a refused send alone shows nothing. */
	get onWall(): boolean {
		return this.invited || this.accepted > 0 || this.written > 0;
	}

	/** Oldest first; the newest two hundred are kept. */
	get thread(): readonly PhoneMessage[] {
		return this.messages;
	}

	/** Messages of the council that are not on this phone: still on their way, too late, or failed. Oldest first. */
	get notArrived(): Iterable<PhoneMessage> {
		return this.elsewhere.values();
	}

	/** A message was accepted for this phone. */
	expect(message: PhoneMessage): void {
		this.elsewhere.set(message.id, message);
	}

	/** A message failed. */
	miss(message: PhoneMessage, failure: GraphCode): void {
		this.lost++;
		this.lastLostCode = failure;
		message.failure = failure;
		this.forgetOldMisses();
	}

	/** A message never arrives, and nobody is told. */
	missInSilence(id: string, silence: NonNullable<PhoneMessage['silence']>): void {
		const message = this.elsewhere.get(id);
		if (!message) return;
		message.silence = silence;
		this.forgetOldMisses();
	}

	/** A message is on the phone now. */
	add(message: PhoneMessage): void {
		this.elsewhere.delete(message.id);
		if (message.from === 'council') this.typingUntil = 0;
		this.messages.push(message);
		if (this.messages.length > longestThread) this.messages.shift();
	}

	find(id: string): PhoneMessage | undefined {
		return this.messages.find((message) => message.id === id);
	}

	private forgetOldMisses(): void {
		if (++this.missed <= mostMissed) return;
		for (const { id, failure, silence } of this.elsewhere.values()) {
			if (failure === undefined && silence === undefined) continue;
			this.elsewhere.delete(id);
			return;
		}
	}

	/** Takes the chat of another phone over, as a person who changes their number does. */
	takeOver(other: Resident): void {
		this.messages.push(...other.messages.splice(0));
	}

	wrote(businessNumberId: string, at: number): void {
		this.lastInbound.set(businessNumberId, Math.max(at, this.lastInbound.get(businessNumberId) ?? 0));
	}

	/** The customer service window: 24 hours from this person's last message to that business number. */
	windowOpen(businessNumberId: string, now: number): boolean {
		const last = this.lastInbound.get(businessNumberId);
		return last !== undefined && now - last <= windowMs;
	}
}

/** Hears of each phone on which something changed, and of `undefined` when all of them are gone. */
export type ResidentListener = (changed: Resident | undefined) => void;

/** Everybody who has a phone, in the order in which they came up. */
export class Residents {
	private readonly byNumber = new Map<string, Resident>();
	private readonly byUserId = new Map<string, Resident>();
	private readonly listeners = new Set<ResidentListener>();

	constructor(
		private readonly random: SeededRandom,
		private readonly knobs: Knobs,
	) {}

	get count(): number {
		return this.byNumber.size;
	}

	all(): IterableIterator<Resident> {
		return this.byNumber.values();
	}

	find(number: string): Resident | undefined {
		return this.byNumber.get(number);
	}

	findByUserId(userId: string): Resident | undefined {
		return this.byUserId.get(userId);
	}

	/** The resident with this number (digits only), who gets a phone if there was none. */
	at(number: string, name?: string): Resident {
		const known = this.byNumber.get(number);
		if (known) return known;
		const resident = new Resident(number, this.random, this.knobs, name);
		this.byNumber.set(number, resident);
		this.byUserId.set(resident.userId, resident);
		return resident;
	}

	/**
	 * The resident whose number is written so: a phone that is here with exactly these digits, or else the number as people
	 * write numbers.
	 */
	byWrittenNumber(number: string, name?: string): Resident {
		const digits = number.replace(/\D/g, '');
		return this.byNumber.get(digits) ?? this.at(readPhoneNumber(number) ?? digits, name);
	}

	/** Tells the listeners that something on this phone is new. */
	changed(resident: Resident): void {
		for (const listener of this.listeners) listener(resident);
	}

	/** @returns how to stop listening */
	onChange(listener: ResidentListener): () => void {
		this.listeners.add(listener);
		return () => this.listeners.delete(listener);
	}

	clear(): void {
		this.byNumber.clear();
		this.byUserId.clear();
		for (const listener of this.listeners) listener(undefined);
	}
}
