import { personLookups } from '../../audience/contact';
import { findContact } from '../../audience/findContact';
import { strangerSubject } from '../../audience/optOut';
import { linkedLookups } from '../../audience/personLink';
import { openRecipients } from '../../audience/recipients';
import { CivicError } from '../../errors';
import { conversationById, conversationOf, type Conversation } from '../../inbox/conversation';
import { readEventRow } from '../../inbox/readEvent';
import type { CommandContext } from '../../store/command';
import { isE164 } from '../../whatsapp/phoneNumber';
import { parseRecipient, type Recipient } from '../../whatsapp/recipient';
import { typed, typedMetaId } from '../../whatsapp/redaction';
import { isUserId } from '../../whatsapp/userId';

/** How a flow says whom it means: by an id of ours, or by a phone number or BSUID as people write it. */
export type PersonRef = { by: 'event' | 'conversation' | 'contact' | 'address'; value: string };

/** One person as a channel can reach them. */
export interface Person {
	/** The number where it is known, otherwise the BSUID. */
	address: Recipient;
	/** Null for somebody who is not a contact. */
	contactId: string | null;
	conversation: Conversation | null;
	/** Every hash the person is known by; the address's own first. */
	lookups: string[];
	/** Whose key seals what is kept about messages to this person. */
	subject: string;
}

interface Known {
	phone?: string;
	bsuid?: string;
	conversation?: Conversation;
}

/**
 * Finds the person a flow means, by every name that belongs to them.
 * @throws CivicError `direct.person`, `phone.invalid`
 */
export async function findPerson(context: CommandContext, channelId: string, ref: PersonRef): Promise<Person> {
	const named = await resolve(context, channelId, ref);
	const conversation = named.conversation ?? (await conversationOf(context, channelId, named));
	const known = { phone: named.phone ?? conversation?.phone, bsuid: named.bsuid ?? conversation?.bsuid };
	const address = known.phone ?? known.bsuid;
	if (address === undefined || !(isE164(address) || isUserId(address))) throw unknown('Nothing is known of this person by which WhatsApp could reach them.');
	const lookups = await linkedLookups(context, personLookups(context, known));
	const [mainLookup = ''] = lookups;
	const contactId = conversation?.contactId ?? (await contactIdOf(context, known));
	return { address, contactId, conversation: conversation ?? null, lookups, subject: contactId ?? strangerSubject(mainLookup) };
}

function resolve(context: CommandContext, channelId: string, { by, value }: PersonRef): Promise<Known> | Known {
	switch (by) {
		case 'event':
			return byEvent(context, channelId, value);
		case 'conversation':
			return byConversation(context, channelId, value);
		case 'contact':
			return byContact(context, value);
		case 'address': {
			const address = parseRecipient(value);
			return isUserId(address) ? { bsuid: address } : { phone: address };
		}
	}
}

async function byEvent(context: CommandContext, channelId: string, id: string): Promise<Known> {
	const event = await readEventRow(context, id);
	if (event.channelId !== channelId) throw unknown('This event came in on another channel.', 'Give the node the same "Civic WhatsApp API" credential as the trigger that put the event out.');
	if (event.content === undefined) throw erased();
	return { phone: event.content.from, bsuid: event.content.fromUserId };
}

async function byConversation(context: CommandContext, channelId: string, id: string): Promise<Known> {
	const conversation = await conversationById(context, channelId, id);
	if (conversation === undefined) throw unknown(`Channel ${typedMetaId(channelId)} has no conversation ${typed(id)}.`, 'Use an ID that Conversation: Get Many put out for the same channel.');
	return { phone: conversation.phone, bsuid: conversation.bsuid, conversation };
}

async function byContact(context: CommandContext, id: string): Promise<Known> {
	const recipient = (await openRecipients(context, [id])).get(id);
	if (recipient === undefined) throw unknown(`There is no contact ${typed(id)}.`, 'Use an ID that a node of this package put out. People who are not on the list are reached by conversation.');
	return { phone: recipient.phone, bsuid: recipient.bsuid };
}

async function contactIdOf(context: CommandContext, known: { phone?: string; bsuid?: string }): Promise<string | null> {
	const [lookup] = personLookups(context, known);
	if (lookup === undefined) return null;
	return (await findContact(context, known.phone === undefined ? 'bsuid' : 'phone', lookup))?.id ?? null;
}

function erased(): CivicError {
	return unknown('This person was erased, so nobody can be reached by this ID.');
}

function unknown(what: string, hint = 'Use the ID that the Civic WhatsApp Trigger put out, or a phone number.'): CivicError {
	return new CivicError('direct.person', what, hint);
}
