import { z } from 'zod';

import { templateShape } from './template';
import { type Problem, problem } from './problem';

/** Leaves that a check of their own looks at, and says more about. */
const leaf = z.unknown();
const words = z.string();
const some = z.string().optional();

const media = z.object({ id: leaf, link: leaf }).partial().strict();
const header = z.discriminatedUnion('type', [
	z.object({ type: z.literal('text'), text: words }).strict(),
	z.object({ type: z.literal('image'), media }).strict(),
	z.object({ type: z.literal('video'), media }).strict(),
	z.object({ type: z.literal('document'), media }).strict(),
]);
const frame = { header: header.optional(), body: words, footer: some };

const card = z
	.object({
		name: z.object({ formattedName: words, firstName: some, lastName: some, middleName: some, prefix: some, suffix: some }).strict(),
		phones: z.array(z.object({ phone: words, type: some, waId: some }).strict()).optional(),
		emails: z.array(z.object({ email: words, type: some }).strict()).optional(),
		urls: z.array(z.object({ url: words, type: some }).strict()).optional(),
		addresses: z.array(z.object({ street: some, city: some, state: some, zip: some, country: some, countryCode: some, type: some }).strict()).optional(),
		org: z.object({ company: some, department: some, title: some }).strict().optional(),
		birthday: some,
	})
	.strict();

const row = z.object({ id: words, title: words, description: some }).strict();

/**
 * How every kind of message is built. What a check relies on stands here, so that no JSON that somebody else wrote can make
 * one fall over; lengths and rules are the checks' own.
 */
const contentShape = z.discriminatedUnion('type', [
	z.object({ type: z.literal('text'), body: leaf, previewUrl: z.boolean().optional() }).strict(),
	z.object({ type: z.literal('image'), media, caption: leaf }).strict(),
	z.object({ type: z.literal('video'), media, caption: leaf }).strict(),
	z.object({ type: z.literal('document'), media, caption: leaf, filename: leaf }).strict(),
	z.object({ type: z.literal('audio'), media, caption: leaf, voice: z.boolean().optional() }).strict(),
	z.object({ type: z.literal('sticker'), media, caption: leaf }).strict(),
	z.object({ type: z.literal('location'), latitude: leaf, longitude: leaf, name: leaf, address: leaf }).strict(),
	z.object({ type: z.literal('contacts'), contacts: z.array(card) }).strict(),
	z.object({ type: z.literal('reaction'), messageId: leaf, emoji: leaf }).strict(),
	z.object({ type: z.literal('buttons'), ...frame, buttons: z.array(z.object({ id: words, title: words }).strict()) }).strict(),
	z.object({ type: z.literal('list'), ...frame, button: words, sections: z.array(z.object({ title: some, rows: z.array(row) }).strict()) }).strict(),
	z.object({ type: z.literal('link'), ...frame, displayText: words, url: words }).strict(),
	z.object({ type: z.literal('locationRequest'), body: words }).strict(),
	templateShape,
]);

/** What is wrong with how a message is built: parts that are missing, of another kind, or not known. An empty list means it can be checked further. */
export function checkShape(content: unknown): Problem[] {
	const read = contentShape.safeParse(content);
	return read.success ? [] : read.error.issues.flatMap(problemsOf);
}

function problemsOf(issue: z.ZodIssue): Problem[] {
	const field = fieldOf(issue.path);
	if (issue.code === 'unrecognized_keys') {
		return issue.keys.map((key) => problem(partOf([field, key.slice(0, 60)].filter((step) => step !== '').join('.')), 'is not known here'));
	}
	if (issue.code === 'invalid_union_discriminator') return [problem(partOf(field), 'is of a kind that is not known here')];
	if (issue.code === 'invalid_type') return [problem(partOf(field), issue.received === 'undefined' ? 'is missing' : `is not ${kinds[issue.expected] ?? `of the kind ${issue.expected}`}`)];
	return [problem(partOf(field), issue.message.startsWith('is ') || issue.message.startsWith('holds ') ? issue.message : `is not usable (${issue.message.charAt(0).toLowerCase()}${issue.message.slice(1)})`)];
}

const kinds: Readonly<Record<string, string>> = { string: 'a text', object: 'an object', array: 'a list', number: 'a number', boolean: 'true or false' };

function partOf(field: string): { field: string; name: string } {
	return { field, name: field === '' ? 'The message' : `The part “${field}”` };
}

/** `buttons[1].title` */
function fieldOf(path: ReadonlyArray<string | number>): string {
	return path.map((step, at) => (typeof step === 'number' ? `[${step}]` : at === 0 ? step : `.${step}`)).join('');
}
