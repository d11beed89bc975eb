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
	readonly lost: number;
	readonly lastLostCode: number | undefined;
	readonly messages: MessageView[];
}

/** @param newest how many messages, counted from the newest; in order, oldest first */
export function viewPhone(resident: Resident, newest = Infinity): PhoneView {
	const { number, name, userId, stranger, lost, lastLostCode, thread } = resident;
	return { number: `+${number}`, name, userId, stranger, lost, lastLostCode, messages: thread.slice(newest === Infinity ? 0 : -newest).map(viewMessage) };
}

function viewMessage({ at, content, ...message }: PhoneMessage): MessageView {
	return { ...message, at: new Date(at).toISOString(), ...content };
}
