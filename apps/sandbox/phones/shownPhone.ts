import type { Resident } from '../residents/residents';
import { shownMessages, type ShownMessage } from './shownMessage';

/** A phone as a browser shows it. Numbers carry their "+". */
export interface ShownPhone {
	readonly number: string;
	/** As people write it. */
	readonly written: string;
	readonly name: string;
	readonly userId: string;
	readonly stranger: boolean;
	readonly online: boolean;
	readonly blocked: boolean;
	readonly marketingStopped: boolean;
	readonly readsByItself: boolean;
	readonly readReceipts: boolean;
	readonly movedTo?: string;
	/** Messages on the phone that the council does not know to be read. */
	readonly unread: number;
	/** Messages that wait at WhatsApp until the phone is back. */
	readonly waiting: number;
	readonly lost: number;
	/** How many milliseconds longer the council is shown to be typing; 0 when it is not. */
	readonly typingMs: number;
	/** Oldest first. */
	readonly messages: readonly ShownMessage[];
}

/**
 * @param newest how many messages, counted from the newest
 * @param now milliseconds since the epoch by the sandbox's clock
 */
export function showPhone(resident: Resident, newest: number, now: number): ShownPhone {
	const { number, name, userId, stranger, readReceipts, lost, state } = resident;
	const { movedTo, ...settings } = state;
	return {
		number: `+${number}`,
		written: writtenNumber(number),
		name,
		userId,
		stranger,
		...settings,
		readReceipts,
		...(movedTo !== undefined && { movedTo: writtenNumber(movedTo) }),
		unread: unreadOf(resident),
		waiting: waitingOf(resident),
		lost,
		typingMs: state.online ? Math.max(0, resident.typingUntil - now) : 0,
		messages: shownMessages(resident, newest),
	};
}

/** British numbers in the groups in which they are spoken; others in one piece. */
export function writtenNumber(digits: string): string {
	return `+${digits}`.replace(/^\+44(\d{4})(\d{6})$/, '+44 $1 $2');
}

export function unreadOf({ thread }: Resident): number {
	return thread.filter(({ from, tick, content }) => from === 'council' && tick === 'delivered' && !content.reaction).length;
}

export function waitingOf({ notArrived }: Resident): number {
	let waiting = 0;
	for (const { tick, silence } of notArrived) if (tick === 'sent' && !silence) waiting++;
	return waiting;
}

/** When something last happened on this phone, in milliseconds since the epoch; 0 for never. */
export function lastSign({ thread, notArrived }: Resident): number {
	let latest = thread.at(-1)?.at ?? 0;
	for (const { at } of notArrived) latest = Math.max(latest, at);
	return latest;
}
