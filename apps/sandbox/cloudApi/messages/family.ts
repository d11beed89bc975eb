import type { JsonObject } from '../../http/json';
import type { Knobs } from '../../knobs';
import type { MessageContent } from '../../residents/messageContent';
import type { Resident } from '../../residents/residents';
import type { TemplateCatalogue } from '../../templates/catalogue';
import type { Template } from '../../templates/template';
import type { BusinessNumber } from '../account';
import type { GraphCode } from '../graphError';
import type { MediaStore } from '../media/mediaStore';

/** What a message became of: what the resident sees, and how it is priced. */
export interface Composed {
	readonly content: MessageContent;
	/** Absent for free-form messages, which need an open window. */
	readonly template?: Template;
	/** What makes certain that the message will fail after its acceptance. */
	readonly failure?: GraphCode;
}

/** What a family may look at while it reads a body, before the recipient is known. */
export interface ReadingContext {
	readonly number: BusinessNumber;
	readonly media: MediaStore;
	readonly knobs: Knobs;
}

/** What a family may look at once recipient and rate have passed. */
export interface SendContext extends ReadingContext {
	readonly resident: Resident;
	readonly templates: TemplateCatalogue;
	/** Milliseconds since the epoch by the sandbox's clock. */
	readonly now: number;
	/** Whether a resident ever wrote a message with this id. */
	wasReceived(id: string): boolean;
}

/**
 * One family of message types: reads the part of the body that carries the type's name, refusing a wrong shape at once
 * (Meta judges the request before its recipient), and leaves what has to be looked up for later.
 *
 * @throws GraphError
 */
export type ReadFamily = (body: JsonObject, context: ReadingContext) => (context: SendContext) => Composed;
