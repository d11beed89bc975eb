import { describeKnobs, knobsSchema, type Knobs } from './knobs';

/**
 * Knobs as they are turned on the command line: `feed=mild`, `sentLatencyMs=[5,10]`. A value is a word where the knob
 * takes that word, and JSON otherwise.
 * @returns the turned ones only
 * @throws Error with a sentence for the person who typed it
 */
export function readKnobFlags(texts: readonly string[]): Partial<Knobs> {
	return Object.fromEntries(texts.map(readOne));
}

function readOne(text: string): [name: string, value: unknown] {
	const at = text.indexOf('=');
	if (at < 1) throw new Error(`${text} is not NAME=VALUE, such as feed=mild.`);
	const [name, written] = [text.slice(0, at), text.slice(at + 1)];
	const knob = describeKnobs().find((one) => one.name === name);
	if (knob === undefined) throw new Error(`There is no knob ${name}. All of them are listed by npm run sandbox -- --help.`);
	const schema = knobsSchema.shape[name as keyof Knobs];
	// The word first: what looks like a number can be the name of a choice (131026).
	const asWord = schema.safeParse(written);
	if (asWord.success) return [name, asWord.data];
	const asJson = schema.safeParse(parsed(written));
	if (asJson.success) return [name, asJson.data];
	const reason = knob.values === undefined ? (asJson.error.issues[0]?.message ?? '') : `It is one of ${knob.values.join(', ')}`;
	throw new Error(`The knob ${name} cannot be ${written}. ${reason}.`);
}

/** Not JSON: then it is the word that it is, and refused as such. */
function parsed(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return text;
	}
}
