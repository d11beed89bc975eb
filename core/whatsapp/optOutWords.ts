/**
 * Phrases that stop all messages when they are the whole reply, in English and Welsh, in the normal form of
 * `normaliseReply`. CANCEL, END and QUIT, which text-message services also take, are left out on purpose: a resident may
 * answer “cancel” about a booking and would lose emergency alerts by it.
 */
const optOutPhrases: ReadonlySet<string> = new Set([
	'stop', 'stop all', 'stopall', 'stop it', 'stop this', 'stop these', 'stop these messages', 'stop these alerts', 'stop messages', 'stop all messages',
	'stop the messages', 'stop messaging', 'stop messaging me', 'stop texting me', 'stop contacting me', 'stop sending', 'stop sending me messages',
	'stop sending messages', 'stop sending me these', 'stop sending these', 'stop sending me these messages', 'stop sending these messages',
	'unsubscribe', 'unsubscribe me', 'unsubscribe all', 'opt out', 'optout', 'opt me out', 'remove me', 'remove me from this list', 'remove me from the list',
	'take me off this list', 'take me off the list', 'no more messages', 'do not message me', 'dont message me', 'do not contact me', 'dont contact me',
	'stopio', 'stopio stop', 'stop stopio', 'stopiwch', 'stopia', 'stopio popeth', 'stopio negeseuon', 'stopiwch y negeseuon', 'stopiwch y rhain', 'dad danysgrifio', 'daddanysgrifio',
	'dad danysgrifiwch fi', 'dim mwy o negeseuon', 'peidiwch a chysylltu a mi', 'tynnwch fi oddi ar y rhestr',
]);

/** Phrases that ask for messages when they are the whole reply. */
const optInPhrases: ReadonlySet<string> = new Set([
	'start', 'start all', 'unstop', 'join', 'join me', 'subscribe', 'resubscribe', 'subscribe me', 'opt in', 'optin', 'opt me in', 'sign me up',
	'dechrau', 'dechreuwch', 'ymuno', 'ymunwch', 'tanysgrifio', 'ail danysgrifio',
]);

/** Polite words around a request, which change nothing about it. */
const before = ['please', 'pls', 'plz', 'hi', 'hello', 'hiya', 'hey', 'ok', 'sorry', 'can you', 'could you', 'would you', 'just', 'kindly', 'i want to', 'i would like to', 'id like to', 'want to', 'helo', 'shwmae', 'plis', 'os gwelwch yn dda'];
const after = ['please', 'pls', 'plz', 'thanks', 'thank you', 'many thanks', 'thx', 'ta', 'now', 'at once', 'cheers', 'diolch', 'plis', 'nawr', 'os gwelwch yn dda'];

/** Nobody asks to be left alone at greater length, and longer texts are not worth the work. */
const longestRequest = 200;

/** Whether a whole reply asks for no more messages. A sentence that merely holds the word (“don't stop the gritting”) does not. */
export function isOptOut(reply: string): boolean {
	return matches(reply, optOutPhrases);
}

/** Whether a whole reply asks for messages. It undoes an opt-out only where the caller's rules say so. */
export function isOptIn(reply: string): boolean {
	return matches(reply, optInPhrases);
}

/**
 * A reply in lower case without accents, marks and emoji, words parted by one space: `“STOP!!”` and `Stóp.` are `stop`.
 * Apostrophes vanish (`don't` is `dont`), every other mark parts words, and words said twice count once.
 */
export function normaliseReply(reply: string): string {
	const words = reply
		.replace(/['’‘ʼ`´]/g, '')
		.normalize('NFKD')
		.toLowerCase()
		// Letters such as ŉ hold an apostrophe that shows only now.
		.replace(/[\p{M}\p{Cf}'’‘ʼ]/gu, '')
		.split(/[^\p{L}\p{N}]+/u)
		.filter((word) => word !== '');
	const spelled = words.length > 1 && words.every((word) => word.length === 1) ? [words.join('')] : words;
	return spelled.filter((word, at) => word !== spelled[at - 1]).join(' ');
}

function matches(reply: string, phrases: ReadonlySet<string>): boolean {
	if (reply.length > longestRequest) return false;
	const normal = normaliseReply(reply);
	return phrases.has(normal) || phrases.has(withoutPoliteness(normal));
}

function withoutPoliteness(normal: string): string {
	const first = before.find((words) => normal.startsWith(`${words} `));
	if (first !== undefined) return withoutPoliteness(normal.slice(first.length + 1));
	const last = after.find((words) => normal.endsWith(` ${words}`));
	return last === undefined ? normal : withoutPoliteness(normal.slice(0, -last.length - 1));
}
