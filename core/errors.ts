/**
 * Every way this product says no, by a stable code. Codes are never reused; texts may be reworded.
 * Adapters translate them (n8n's node errors, an HTTP page) and decide on the code, never on the text.
 */
export const errorCodes = {
	'input.invalid': 'a value given to us is not usable',
	'store.newer': 'the store was written by a newer version of this package',
	'store.foreign': 'the file is not a Civic Comms store',
	'store.unreachable': 'the store cannot be opened or written',
	'store.keys-missing': 'the store exists but its key file does not',
	'store.keys-wrong': 'the key file does not belong to this store',
	'store.location': 'the store may not live at this place',
	'store.queue-mode': 'SQLite cannot serve n8n in queue mode',
	'store.tampered': 'a row does not match its seal',
	'ledger.unwritable': 'the ledger entry could not be written, so nothing was changed',
	'ledger.corrupt': 'the ledger does not match its own checkpoint',
	'clock.skew': 'the clock of this machine is off',
	'channel.unknown': 'no such channel in this store',
	'channel.not-adopted': 'this store has not been adopted for live sending on this channel',
	'channel.rules': 'the rules of the channel do not allow this',
	'channel.mode': 'the channel was switched between live and training',
	'channel.file': 'the file in which IT keeps the channels cannot be used, or a credential goes around it',
	'channel.access': 'Meta does not accept the credentials of this channel',
	'channel.address': 'the Graph address is neither that of Meta nor a loopback address',
	'template.unknown': 'the template does not exist or is not approved',
	'template.changed': 'the template is not the one that was drafted',
	'template.parameters': 'a template parameter is missing or not allowed',
	'template.definition': 'the definition of a template is not one that Meta would take',
	'template.library': 'the template library holds no such definition',
	'prices.unreadable': 'the price file cannot be used',
	'audience.empty': 'nobody matches the audience',
	'audience.import': 'the file cannot be imported',
	'phone.invalid': 'not a usable phone number',
	'draft.unknown': 'no such draft',
	'draft.changed': 'the stored draft does not match its digest',
	'draft.window': 'outside the time in which this draft may be sent',
	'approval.none': 'no grant covers this draft',
	'approval.unknown': 'no such sign-off request',
	'approval.link': 'the link is not valid',
	'approval.barred': 'this person may not sign this draft',
	'approval.decided': 'the request is already decided',
	'approval.turn': 'an earlier step of the sign-off comes first',
	'approval.code': 'the code that confirms who decides is missing, wrong, expired or used up',
	'approval.code-limit': 'so many codes were sent that the next one has to wait',
	'approval.code-not-sent': 'WhatsApp did not take the code',
	'approval.locked': 'after too many wrong codes this person decides nothing more on the request',
	'approval.no-approvers': 'nobody is left who may sign this',
	'desk.inactive': 'no desk is active, so nobody could open a link',
	'whatsapp.refused': 'WhatsApp did not accept the call',
	'whatsapp.unreachable': 'WhatsApp could not be reached',
	'media.unknown': 'the file is not at Meta, or not any more',
	'media.unusable': 'the file is damaged, or WhatsApp does not take it',
	'direct.person': 'there is no such person to write to, or not any more',
	'direct.not-allowed': 'the rules of the channel allow no such message without sign-off',
	'direct.training': 'a channel in training reaches approvers only',
	'direct.opted-out': 'the person asked to be left alone',
	'direct.window': 'only an approved template may be sent now',
	'direct.limit': 'so many messages without sign-off would be a broadcast',
	'webhook.signature': 'the signature of a webhook does not match',
	'broadcast.unknown': 'no such broadcast',
	'broadcast.held': 'the broadcast is held until a person acts',
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** Marks our error across module instances: n8n reloads a package's modules on update, so `instanceof` is not reliable. */
const brand = Symbol.for('n8n-nodes-civic-comms.error');

export class CivicError extends Error {
	readonly [brand] = true;

	/**
	 * @param code what kind of refusal this is (stable)
	 * @param message what happened, to which item, in the user's words; no secrets, no whole phone numbers
	 * @param hint how to go on
	 */
	constructor(
		readonly code: ErrorCode,
		message: string,
		readonly hint: string,
		options?: { cause?: unknown },
	) {
		super(message, options);
		this.name = 'CivicError';
	}
}

export function isCivicError(value: unknown): value is CivicError {
	return typeof value === 'object' && value !== null && brand in value;
}
