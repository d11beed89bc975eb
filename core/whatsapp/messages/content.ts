import { CivicError } from '../../errors';
import type { JsonObject } from '../jsonReading';
import { checkShape } from './contentShape';
import { type ButtonsContent, buttonsPayload, checkButtonsContent } from './buttons';
import { type ContactsContent, checkContactsContent, contactsPayload } from './contacts';
import { type LinkContent, checkLinkContent, linkPayload } from './link';
import { type ListContent, checkListContent, listPayload } from './list';
import { type LocationContent, checkPlace, locationPayload } from './location';
import { type LocationRequestContent, checkLocationRequestContent, locationRequestPayload } from './locationRequest';
import { type MediaContent, checkMediaContent, mediaPayload } from './media';
import type { Problem } from './problem';
import { type ReactionContent, checkReactionContent, reactionPayload } from './reaction';
import { type TemplateContent, checkTemplateContent, templatePayload } from './template';
import { type TextContent, checkTextContent, textPayload } from './text';

/** Everything that is sent from here, by `type`. Only a template may go to somebody who has not written in the last 24 hours. */
export type MessageContent =
	| TextContent
	| MediaContent
	| LocationContent
	| ContactsContent
	| ReactionContent
	| ButtonsContent
	| ListContent
	| LinkContent
	| LocationRequestContent
	| TemplateContent;

interface Family {
	check(content: MessageContent): Problem[];
	payload(content: MessageContent): JsonObject;
}

/** A family only ever gets content of its own type: they are found by it. */
function family<C extends MessageContent>(check: (content: C) => Problem[], payload: (content: C) => JsonObject): Family {
	return { check: check as Family['check'], payload: payload as Family['payload'] };
}

const media = family<MediaContent>(checkMediaContent, mediaPayload);

const families: Record<MessageContent['type'], Family> = {
	text: family<TextContent>(checkTextContent, textPayload),
	image: media,
	video: media,
	document: media,
	audio: media,
	sticker: media,
	location: family<LocationContent>(checkPlace, locationPayload),
	contacts: family<ContactsContent>(checkContactsContent, contactsPayload),
	reaction: family<ReactionContent>(checkReactionContent, reactionPayload),
	buttons: family<ButtonsContent>(checkButtonsContent, buttonsPayload),
	list: family<ListContent>(checkListContent, listPayload),
	link: family<LinkContent>(checkLinkContent, linkPayload),
	locationRequest: family<LocationRequestContent>(checkLocationRequestContent, locationRequestPayload),
	template: family<TemplateContent>(checkTemplateContent, templatePayload),
};

/**
 * Everything that Meta would refuse about a message, as far as it shows in the message itself. An empty list means it fits.
 * @param content anything at all: JSON that somebody else wrote is answered with the parts that are wrong
 */
export function checkMessage(content: unknown): Problem[] {
	const shape = checkShape(content);
	// The shape is that of one of the kinds, by its type.
	return shape.length > 0 ? shape : familyOf(content as MessageContent).check(content as MessageContent);
}

/** @throws CivicError `input.invalid` that names every field and its limit */
export function requireSendable(content: MessageContent): void {
	const problems = checkMessage(content);
	if (problems.length === 0) return;
	throw new CivicError('input.invalid', problems.map(({ message }) => message).join(' '), 'Mend what is named and send again. Nothing was sent.');
}

/** The `type` of the Cloud API and the object under it. */
export function contentPayload(content: MessageContent): JsonObject {
	return familyOf(content).payload(content);
}

function familyOf({ type }: MessageContent): Family {
	if (Object.hasOwn(families, type)) return families[type];
	throw new CivicError('input.invalid', 'This kind of message is not known here.', 'Choose one of the kinds that the node offers.');
}
