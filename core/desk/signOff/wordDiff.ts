/** A stretch of text that stayed, went, or came. */
export interface Stretch {
	kind: 'same' | 'gone' | 'new';
	text: string;
}

/** Above this many pairs of words the texts are shown as one replaced by the other; a message has a few hundred words. */
const mostPairs = 4_000_000;

/**
 * What changed between two texts, word by word. `same` and `gone` together are the one, `same` and `new` the other.
 * @param language of the texts: not every language puts spaces between words
 */
export function wordDiff(before: string, after: string, language = 'en'): Stretch[] {
	const one = wordsOf(before, language);
	const other = wordsOf(after, language);
	const head = sharedStart(one, other);
	const tail = sharedStart(one.slice(head).reverse(), other.slice(head).reverse());
	const [middle, changed] = [one.slice(head, one.length - tail), other.slice(head, other.length - tail)];
	const stretches: Stretch[] = [];
	add(stretches, 'same', one.slice(0, head));
	if (middle.length * changed.length > mostPairs) {
		add(stretches, 'gone', middle);
		add(stretches, 'new', changed);
	} else {
		walk(stretches, middle, changed);
	}
	add(stretches, 'same', one.slice(one.length - tail));
	return stretches;
}

function wordsOf(text: string, language: string): string[] {
	const words: string[] = [];
	for (const { segment } of segmenterFor(language).segment(text)) {
		// `18:00` and `£1,204.50` change as a whole.
		if (isFigure.test(segment) && isFigure.test(words.at(-1) ?? '')) words[words.length - 1] += segment;
		else words.push(segment);
	}
	return words;
}

const isFigure = /^[\p{N}\p{P}\p{S}]+$/u;

function segmenterFor(language: string): Intl.Segmenter {
	try {
		return new Intl.Segmenter(language, { granularity: 'word' });
	} catch {
		return new Intl.Segmenter('en', { granularity: 'word' });
	}
}

function sharedStart(one: string[], other: string[]): number {
	let shared = 0;
	while (shared < one.length && shared < other.length && one[shared] === other[shared]) shared++;
	return shared;
}

/** Follows a longest common subsequence, what went before what came in its place. */
function walk(stretches: Stretch[], one: string[], other: string[]): void {
	const width = other.length + 1;
	const longest = new Uint32Array((one.length + 1) * width);
	const at = (i: number, j: number) => longest[i * width + j] ?? 0;
	for (let i = one.length - 1; i >= 0; i--) {
		for (let j = other.length - 1; j >= 0; j--) longest[i * width + j] = one[i] === other[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
	}
	let [i, j] = [0, 0];
	while (i < one.length || j < other.length) {
		if (i < one.length && j < other.length && one[i] === other[j]) {
			add(stretches, 'same', one.slice(i, ++i));
			j++;
		} else if (i < one.length && (j === other.length || at(i + 1, j) >= at(i, j + 1))) add(stretches, 'gone', one.slice(i, ++i));
		else add(stretches, 'new', other.slice(j, ++j));
	}
}

function add(stretches: Stretch[], kind: Stretch['kind'], words: string[]): void {
	const text = words.join('');
	const last = stretches.at(-1);
	if (text === '') return;
	if (last?.kind === kind) last.text += text;
	else stretches.push({ kind, text });
}
