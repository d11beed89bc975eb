import type { JsonObject } from '../../http/json';
import type { MessageContent, MessageHeader } from '../../residents/messageContent';
import { GraphError, invalidParameter } from '../graphError';
import { objectAt, onlyKeys, optionalObjectAt, shortTextAt, textAt } from '../objectShape';
import type { ReadFamily, ReadingContext } from './family';
import { readList } from './interactiveList';
import { readReplyButtons } from './interactiveReplyButtons';
import { readContactRequest, readFlow, readLink, readLocationRequest } from './interactiveRequests';
import { mediaOf, type SentMedia } from './media';

/** What a kind of interactive message makes of its `action`, and which parts it may have beside it. */
export interface InteractiveKind {
	readonly longestBody: number;
	/** The types that its header may have. */
	readonly headers: ReadonlySet<string>;
	readonly footer: boolean;
	readAction(action: JsonObject): Pick<MessageContent, 'list' | 'link' | 'asksFor' | 'flow'> & { readonly buttons?: MessageContent['buttons'] };
}

const kinds: ReadonlyMap<string, InteractiveKind> = new Map([
	['button', readReplyButtons],
	['list', readList],
	['cta_url', readLink],
	['flow', readFlow],
	['location_request_message', readLocationRequest],
	['contact_request', readContactRequest],
]);

/** Known to Meta, and nothing that a British council could send: they are refused by name. */
const outOfScope = new Set(['address_message', 'voice_call', 'call_permission_request', 'product', 'product_list', 'catalog_message', 'carousel', 'order_details', 'order_status']);

const keys = new Set(['type', 'header', 'body', 'footer', 'action']);
const textKeys = new Set(['text']);
const longestShortText = 60;
const mediaHeaders = new Set(['image', 'video', 'document']);

/** `type: interactive` (Meta, "Interactive messages" and the page of each kind). */
export const readInteractive: ReadFamily = (body, context) => {
	const interactive = objectAt(body, 'interactive', 'interactive');
	onlyKeys(interactive, keys, 'interactive');
	const type = textAt(interactive, 'type', 'interactive.type');
	const kind = kinds.get(type);
	if (outOfScope.has(type)) throw new GraphError(131051, `This sandbox does not deliver interactive messages of type ${type}.`);
	if (!kind) throw invalidParameter(`Param interactive['type'] must be one of {${[...kinds.keys()].map((name) => name.toUpperCase()).join(', ')}} - got "${type}".`);
	const text = objectAt(interactive, 'body', 'interactive.body');
	onlyKeys(text, textKeys, 'interactive.body');
	const shown = shortTextAt(text, 'text', 'interactive.body.text', kind.longestBody);
	const header = readHeader(interactive, type, kind, context);
	const footer = readFooter(interactive, type, kind);
	const { buttons = [], ...action } = kind.readAction(objectAt(interactive, 'action', 'interactive.action'));
	const content: MessageContent = { ...(header && { header: header.shown }), body: shown, ...(footer && { footer }), buttons, ...action };
	return () => ({ content, ...(header?.failure !== undefined && { failure: header.failure }) });
};

interface Header extends Pick<SentMedia, 'failure'> {
	readonly shown: MessageHeader;
}

function readHeader(interactive: JsonObject, type: string, kind: InteractiveKind, context: ReadingContext): Header | undefined {
	const header = optionalObjectAt(interactive, 'header', 'interactive.header');
	if (!header) return undefined;
	const headerType = textAt(header, 'type', 'interactive.header.type');
	if (!kind.headers.has(headerType)) throw new GraphError(131009, `Param interactive.header.type: a message of type ${type} cannot have a header of type ${headerType}`);
	if (!isMediaHeader(headerType)) {
		onlyKeys(header, new Set(['type', 'text']), 'interactive.header');
		return { shown: { kind: 'text', text: shortTextAt(header, 'text', 'interactive.header.text', longestShortText) } };
	}
	onlyKeys(header, new Set(['type', headerType]), 'interactive.header');
	const path = `interactive.header.${headerType}`;
	const { media, failure } = mediaOf(objectAt(header, headerType, path), headerType, path, context);
	return { shown: { kind: headerType, media }, ...(failure !== undefined && { failure }) };
}

function readFooter(interactive: JsonObject, type: string, kind: InteractiveKind): string | undefined {
	const footer = optionalObjectAt(interactive, 'footer', 'interactive.footer');
	if (!footer) return undefined;
	if (!kind.footer) throw new GraphError(131009, `Param interactive.footer: a message of type ${type} cannot have a footer`);
	onlyKeys(footer, textKeys, 'interactive.footer');
	return shortTextAt(footer, 'text', 'interactive.footer.text', longestShortText);
}

function isMediaHeader(type: string): type is 'image' | 'video' | 'document' {
	return mediaHeaders.has(type);
}
