import { asObject, type JsonObject } from './jsonReading';

/**
 * Buttons that open a form, and those that ask for a number (Meta: "Sending a Flow", "Business-scoped user IDs"). Meta's
 * pages give no lengths for token and data; ours keep them to what fits beside a message.
 */
export const flowLimits = { label: 25, token: 1000, data: 10_000 } as const;

/** What Meta puts in where no token is given. Said by us, so that the button always has its parameter. */
export const noFlowToken = 'unused';

/** Words that Meta writes on every button that asks for the person's number; they cannot be changed. */
export const contactRequestLabel = 'Share contact info';

/** @returns the object in a text of JSON; undefined for anything else, and for an object without anything in it, which Meta refuses */
export function flowDataOf(text: string): JsonObject | undefined {
	try {
		const object = asObject(JSON.parse(text));
		return object === undefined || Object.keys(object).length === 0 ? undefined : object;
	} catch {
		return undefined;
	}
}
