/** Something about a message that Meta would refuse, found before anything is sent. */
export interface Problem {
	/** Which part: `body`, `buttons[1].title`, `header.text`. */
	field: string;
	/** One sentence that names the part, what is wrong with it and the limit. */
	message: string;
}

/** A part of a message: its place in the content, and its name at the beginning of a sentence. */
export interface Part {
	field: string;
	/** “The title of button 2” */
	name: string;
}

/**
 * How long Meta finds a text. Its pages say “characters” and never which kind. UTF-16 units are the largest count in use
 * (an emoji is two or more), so what fits by them fits by code points and by what people call letters, too.
 */
export function lengthOf(text: string): number {
	return text.length;
}

export function problem({ field, name }: Part, what: string): Problem {
	return { field, message: `${name} ${what}.` };
}

/** A text that has to be there. */
export function checkText(part: Part, value: unknown, limit: number): Problem[] {
	if (typeof value !== 'string') return [problem(part, 'is not a text')];
	if (value.trim() === '') return [problem(part, 'is empty')];
	return checkLength(part, value, limit);
}

/** A text that may be left out. */
export function checkOptionalText(part: Part, value: unknown, limit: number): Problem[] {
	return value === undefined ? [] : checkText(part, value, limit);
}

/** A text of one line that has to be there: what a button or a row shows. */
export function checkLine(part: Part, value: unknown, limit: number): Problem[] {
	const found = checkText(part, value, limit);
	return found.length === 0 && /[\p{Cc}\u2028\u2029]/u.test(value as string) ? [problem(part, 'holds a line break or a tab')] : found;
}

export function checkLength(part: Part, value: string, limit: number): Problem[] {
	// Half of a character cannot be written as UTF-8; Graph takes it for broken JSON.
	if (/\p{Cs}/u.test(value)) return [problem(part, 'holds half a character, as texts do that were cut off')];
	const length = lengthOf(value);
	return length <= limit ? [] : [problem(part, `has ${length} characters; WhatsApp takes at most ${limit}`)];
}

/** One problem for each entry that repeats an earlier one; Meta refuses the whole message. */
export function checkUnique(parts: ReadonlyArray<{ part: Part; value: string }>): Problem[] {
	const first = new Map<string, Part>();
	return parts.flatMap(({ part, value }) => {
		const earlier = first.get(value);
		if (earlier === undefined) {
			first.set(value, part);
			return [];
		}
		return [problem(part, `is the same as ${earlier.name.replace(/^The/, 'the')}`)];
	});
}

/** A web address that somebody is led to or that Meta fetches: whole, and without a name and password in it. */
export function checkWebAddress(part: Part, value: unknown, limit = Number.POSITIVE_INFINITY): Problem[] {
	if (typeof value !== 'string') return [problem(part, 'is not a text')];
	if (!/^https?:\/\/[^\s\p{C}]+$/iu.test(value) || !URL.canParse(value)) return [problem(part, 'is not a whole web address that begins with https:// or http://')];
	const { username, password } = new URL(value);
	if (username !== '' || password !== '') return [problem(part, 'carries a user name or password')];
	return checkLength(part, value, limit);
}

/** The id of a message. It is opaque and never taken apart (Meta: "Send messages"). */
export function checkMessageId(part: Part, value: unknown): Problem[] {
	return typeof value === 'string' && /^[\x21-\x7e]{1,1000}$/.test(value) ? [] : [problem(part, 'is not a message id; take it from the event that brought the message')];
}
