import type { PhoneState } from './phoneState';

/** A status that has its time, and waits for the phone. */
export interface WaitingStatus {
	readonly messageId: string;
	readonly status: 'delivered' | 'read';
	/** Whether the message is on the phone already, so that only its reading waits. */
	readonly arrived: boolean;
	/** Milliseconds since the epoch after which WhatsApp no longer delivers the message. */
	readonly expiresAt: number;
	go(): void;
}

/**
 * What waits for a phone that is switched off, or for a person who reads when they like. Messages that came while the
 * council was blocked are not among them: those never arrive.
 */
export class WaitingStatuses {
	private waiting: WaitingStatus[] = [];

	constructor(private readonly state: Readonly<PhoneState>) {}

	get count(): number {
		return this.waiting.length;
	}

	/** Whether a status can go out now. */
	ready({ arrived, status }: Pick<WaitingStatus, 'arrived' | 'status'>): boolean {
		if (!this.state.online || this.state.blocked || this.state.movedTo !== undefined) return false;
		return !arrived || status !== 'read' || this.state.readsByItself;
	}

	/** @returns whether it waits; what a blocked sender sends does not, and never arrives */
	keep(status: WaitingStatus): boolean {
		const waits = status.arrived || !this.state.blocked;
		if (waits) this.waiting.push(status);
		return waits;
	}

	/**
	 * Lets through what the phone is now ready for. A message whose time is over is dropped; Meta tells nobody of it (Meta,
	 * "Time to live").
	 *
	 * @returns ids of the messages that were dropped
	 */
	release(now: number): string[] {
		const [held, dropped]: [WaitingStatus[], string[]] = [[], []];
		const before = this.waiting;
		this.waiting = [];
		for (const status of before) {
			if (!status.arrived && status.expiresAt <= now) dropped.push(status.messageId);
			else if (this.ready(status)) status.go();
			else held.push(status);
		}
		// What a released status set off may itself be waiting by now.
		this.waiting = [...held, ...this.waiting];
		return dropped;
	}

	/** Lets the readings through, as somebody opens the chat. @returns how many */
	readAll(): number {
		const readings = this.waiting.filter(({ arrived, status }) => arrived && status === 'read');
		this.waiting = this.waiting.filter((status) => !readings.includes(status));
		for (const reading of readings) reading.go();
		return readings.length;
	}

	clear(): void {
		this.waiting = [];
	}
}
