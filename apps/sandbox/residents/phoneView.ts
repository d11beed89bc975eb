import type { MessageContent } from './messageContent';
import type { PhoneMessage, Resident } from './residents';

/** A message as the phones page and the admin plane show it. */
export interface MessageView extends Omit<PhoneMessage, 'at' | 'content'>, MessageContent {
	/** ISO 8601, UTC. */
	readonly at: string;
}

export interface PhoneView {
	readonly number: string;
	readonly name: string;
	readonly userId: string;
	readonly stranger: boolean;
	readonly online: boolean;
	readonly blocked: boolean;
	readonly marketingStopped: boolean;
	readonly readsByItself: boolean;
	readonly readReceipts: boolean;
	/** The number that this person has now, if they changed it. */
	readonly movedTo?: string;
	readonly lost: number;
	readonly lastLostCode: number | undefined;
	readonly messages: MessageView[];
}

/** @param newest how many messages, counted from the newest; in order, oldest first */
export function viewPhone(resident: Resident, newest = Infinity): PhoneView {
	const { number, name, userId, stranger, readReceipts, lost, lastLostCode, thread, state } = resident;
	const { movedTo, ...settings } = state;
	const messages = thread.slice(newest === Infinity ? 0 : -newest).map(viewMessage);
	return { number: `+${number}`, name, userId, stranger, ...settings, readReceipts, ...(movedTo !== undefined && { movedTo: `+${movedTo}` }), lost, lastLostCode, messages };
}

export function viewMessage({ at, content, ...message }: PhoneMessage): MessageView {
	return { ...message, at: new Date(at).toISOString(), ...content };
}
