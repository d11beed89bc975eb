import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { CivicError } from '../../core/errors';
import type { PersonRef } from '../../core/dispatch/direct';

const byEvent = {
	displayName: 'By Event',
	name: 'event',
	type: 'string' as const,
	placeholder: 'e.g. 3f1c2a84-5a1e-4f5b-9a63-0d7c1e2b9f10',
	hint: "The 'eventId' of Civic WhatsApp Trigger",
};

const byConversation = {
	displayName: 'By Conversation',
	name: 'conversation',
	type: 'string' as const,
	placeholder: 'e.g. 9b2d7c55-1f0a-4a6e-8c3e-7a1b5d3e2f40',
	hint: "The 'conversationId' of Conversation: Get Many, or of an earlier message",
};

/** Whom a message is for: one person, by an ID of ours, or by number or user id. */
export const personField: INodeProperties = {
	displayName: 'To',
	name: 'person',
	type: 'resourceLocator',
	default: { mode: 'event', value: '={{ $json.eventId }}' },
	required: true,
	description: 'The one person who gets this. IDs keep numbers out of the execution data of n8n.',
	modes: [
		byEvent,
		byConversation,
		{
			displayName: 'By Contact',
			name: 'contact',
			type: 'string',
			placeholder: 'e.g. 5c1b9e0d-2f47-4d0c-b8d2-6e8f1a7c3b90',
			hint: "The 'contactId' that the nodes of this package put out",
		},
		{
			displayName: 'By Phone or User ID',
			name: 'address',
			type: 'string',
			placeholder: 'e.g. +44 7700 900123',
			hint: 'A phone number, or a WhatsApp user ID that begins with GB.',
		},
	],
};

/** Which message of a person is meant. */
export const answeredField: INodeProperties = {
	displayName: 'Message',
	name: 'answered',
	type: 'resourceLocator',
	default: { mode: 'event', value: '={{ $json.eventId }}' },
	required: true,
	description: 'What the person sent: one event, or the latest message of a conversation',
	modes: [byEvent, byConversation],
};

/** Shows on the phone which message is answered. */
export const quoteField: INodeProperties = {
	displayName: 'Reply to Event',
	name: 'quote',
	type: 'string',
	default: '',
	placeholder: 'e.g. {{ $json.eventId }}',
	description: 'The event whose message is shown above this one on the phone. Leave it out for a message on its own.',
};

/** @throws CivicError input.invalid when nobody is named */
export function readPerson(context: IExecuteFunctions, itemIndex: number): PersonRef {
	return readLocator(context, itemIndex, 'person', 'To', ['event', 'conversation', 'contact', 'address']);
}

/** @throws CivicError input.invalid when no message is named */
export function readAnswered(context: IExecuteFunctions, itemIndex: number): { by: 'event' | 'conversation'; value: string } {
	return readLocator(context, itemIndex, 'answered', 'Message', ['event', 'conversation']);
}

function readLocator<By extends string>(context: IExecuteFunctions, itemIndex: number, name: string, label: string, modes: readonly By[]): { by: By; value: string } {
	const given = context.getNodeParameter(name, itemIndex, {}) as { mode?: unknown; value?: unknown };
	const value = String(given.value ?? '').trim();
	const by = modes.find((mode) => mode === given.mode);
	if (by !== undefined && value !== '') return { by, value };
	throw new CivicError('input.invalid', `'${label}' is empty.`, 'Give the ID that Civic WhatsApp Trigger or another node of this package put out. An expression may name a field that does not exist.');
}
