/** How a person has their phone and the chat with the council: what training staff set by hand. */
export interface PhoneState {
	/** Switched off or without a signal: messages wait at WhatsApp until the phone is back or their time is over. */
	online: boolean;
	/** The council's number is blocked on this phone. */
	blocked: boolean;
	/** Stopped marketing messages with WhatsApp's own control (webhook field `user_preferences`). */
	marketingStopped: boolean;
	/** Whether messages are read by themselves some time after they arrive, or only by hand. */
	readsByItself: boolean;
	/** The number that this person has now; this one reaches nobody. */
	movedTo: string | undefined;
}

export function freshPhone(): PhoneState {
	return { online: true, blocked: false, marketingStopped: false, readsByItself: true, movedTo: undefined };
}
