/**
 * What the sender does about a refusal.
 *
 * - `retry`: nothing was sent; try the same message again after the row's delay.
 * - `hold`: the account, number or template is in trouble: stop the run until a person has acted, then it can go on.
 * - `fix`: the message itself is wrong for everybody: stop the run; it needs a new draft or another setting.
 * - `fix-recipient`: wrong for this person only; the others go on.
 * - `suppress-marketing`, `suppress`: send this person no more marketing, or nothing more on WhatsApp.
 * - `unreachable`: this person cannot be reached on WhatsApp at present; after two or three times use another way.
 * - `once-later`: one more try after the row's delay, no further.
 * - `uncertain`: the message may have gone out; never sent again by itself.
 */
export type RefusalAction =
	| 'retry'
	| 'hold'
	| 'fix'
	| 'fix-recipient'
	| 'suppress-marketing'
	| 'suppress'
	| 'unreachable'
	| 'once-later'
	| 'uncertain';

/** Waits of `firstMs`, then `factor` times as long each time, at most `maxMs`, at most `attempts` times; a broadcast goes on beyond that for what slows its channel. */
export interface RetryDelay {
	firstMs: number;
	factor: number;
	maxMs: number;
	attempts: number;
	/** What has to slow down: only this person's messages, or everything that leaves the number. */
	slows: 'recipient' | 'channel';
}

export interface Policy {
	action: RefusalAction;
	/** Present for `retry` and `once-later`. */
	delay?: RetryDelay;
	/** One sentence on what happened. */
	explain: string;
	/** What to do now. */
	goOn: string;
}

export interface PolicyRow extends Policy {
	/** Single codes and inclusive ranges. */
	codes: ReadonlyArray<number | readonly [first: number, last: number]>;
}

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

const backOff: RetryDelay = { firstMs: second, factor: 2, maxMs: minute, attempts: 6, slows: 'channel' };
const briefly: RetryDelay = { firstMs: 2 * second, factor: 4, maxMs: minute, attempts: 3, slows: 'recipient' };
const twice: RetryDelay = { ...briefly, attempts: 2 };
const callQuota: RetryDelay = { firstMs: 5 * minute, factor: 2, maxMs: hour, attempts: 4, slows: 'channel' };
/** Meta: wait 4^X seconds for X = 0, 1, 2 … (Cloud API overview, "pair rate limits"). */
const pairLimit: RetryDelay = { firstMs: second, factor: 4, maxMs: 5 * minute, attempts: 6, slows: 'recipient' };
const maintenance: RetryDelay = { firstMs: minute, factor: 2, maxMs: 10 * minute, attempts: 4, slows: 'channel' };
const syncing: RetryDelay = { firstMs: 10 * minute, factor: 1, maxMs: 10 * minute, attempts: 2, slows: 'channel' };
const nextDay: RetryDelay = { firstMs: 24 * hour, factor: 2, maxMs: 96 * hour, attempts: 1, slows: 'recipient' };
const nextHour: RetryDelay = { firstMs: hour, factor: 1, maxMs: hour, attempts: 1, slows: 'recipient' };

const renewToken = 'Ask IT to renew the access token in the channel’s credential and to check its permissions, then resume.';
const askMeta = 'Open WhatsApp Manager, read the notice of Meta there, settle it with them, then resume.';
const checkTemplate = 'Open the template in WhatsApp Manager, compare it with the draft, and draft again.';
const asIT = 'Ask IT to compare the channel’s settings with WhatsApp Manager, then resume.';
const newDraft = 'Correct the message and draft again.';
const oneRow = 'Correct this person’s entry; the others are not affected.';

/** For a call that never left this machine, so that there is no code. */
export const notReached: Policy = {
	action: 'retry',
	delay: backOff,
	explain: 'Meta could not be reached; nothing left this machine.',
	goOn: 'It goes on by itself when the connection is back. If it stays so, ask IT about name lookup, proxy and firewall for graph.facebook.com.',
};

/** Every code of Meta's page "Error codes" (September 2026) and of the neighbouring pages, in the order of those pages. */
export const policyTable: readonly PolicyRow[] = [
	// Authorisation
	{ codes: [0, 104, 190], action: 'hold', explain: 'Meta does not accept the access token of this channel.', goOn: renewToken },
	{ codes: [3, 10, [200, 299], 131005], action: 'hold', explain: 'The access token of this channel lacks a permission that this needs.', goOn: renewToken },
	// Integrity
	{ codes: [368, 131031], action: 'hold', explain: 'Meta has restricted or locked this WhatsApp account.', goOn: askMeta },
	{ codes: [130497], action: 'fix-recipient', explain: 'This account may not message people in that country.', goOn: 'Use another way to reach this person.' },
	// Rates
	{ codes: [4, 80007], action: 'retry', delay: callQuota, explain: 'The hourly allowance of calls to Meta is used up.', goOn: 'It goes on by itself when Meta allows calls again.' },
	{ codes: [130429], action: 'retry', delay: backOff, explain: 'The number sends faster than Meta allows it.', goOn: 'It goes on by itself, more slowly.' },
	{ codes: [131048], action: 'hold', explain: 'Meta has limited how much this number may send, because of its quality or its volume.', goOn: askMeta },
	{ codes: [131056], action: 'retry', delay: pairLimit, explain: 'This person was sent too many messages in a short time.', goOn: 'It goes on by itself after a pause; the others are not affected.' },
	{ codes: [131064], action: 'hold', explain: 'Meta has limited this account because templates were filed under the wrong category.', goOn: 'File the templates under the right category in WhatsApp Manager, then resume.' },
	{ codes: [133016], action: 'hold', explain: 'The number was registered or removed too often in three days.', goOn: 'Wait three days before registering it again.' },
	// General
	{ codes: [1], action: 'retry', delay: twice, explain: 'Meta could not handle the request, for a reason it does not name.', goOn: 'If it stays so after two tries, correct the message and draft again.' },
	{ codes: [2, 131016], action: 'retry', delay: backOff, explain: 'The WhatsApp service is overloaded or down.', goOn: 'It goes on by itself when the service is back.' },
	{ codes: [131000], action: 'retry', delay: briefly, explain: 'Something went wrong at Meta, for a reason it does not name.', goOn: 'If it stays so after three tries, this message is given up.' },
	{ codes: [33], action: 'hold', explain: 'Meta no longer knows the number that this channel sends from.', goOn: asIT },
	{ codes: [100, 131008, 131009, 135000], action: 'fix', explain: 'Meta found a part of the request missing, unknown or too long.', goOn: newDraft },
	{ codes: [131051], action: 'fix', explain: 'WhatsApp does not know this kind of message.', goOn: newDraft },
	// People
	{ codes: [130403], action: 'suppress', explain: 'This person is blocked on the council’s own number.', goOn: 'Unblock the person first if the block is no longer meant.' },
	{ codes: [130472], action: 'once-later', delay: nextDay, explain: 'Meta keeps this person out of marketing messages for an experiment.', goOn: 'It is tried once more a day later; use another way if it matters sooner.' },
	{ codes: [131021], action: 'fix-recipient', explain: 'The recipient is the number that sends.', goOn: oneRow },
	{ codes: [131026], action: 'unreachable', explain: 'WhatsApp cannot deliver to this person: no account, terms not accepted, a very old app, or a block.', goOn: 'Use text message, e-mail or letter for this person.' },
	{ codes: [131030], action: 'fix-recipient', explain: 'The account is in development mode and this number is not on its list of test numbers.', goOn: 'Add the number to the list at Meta, or finish the set-up of the account.' },
	{ codes: [131047], action: 'fix-recipient', explain: 'This person last wrote more than 24 hours ago, so only an approved template may be sent.', goOn: 'Send a template to this person instead.' },
	{ codes: [131049], action: 'once-later', delay: nextDay, explain: 'Meta’s own limit of marketing messages for this person is reached.', goOn: 'It is tried once more a day later; it is no opt-out.' },
	{ codes: [131050], action: 'suppress-marketing', explain: 'This person has stopped marketing messages from this number in WhatsApp.', goOn: 'Nothing to do: no more marketing goes to this person until they agree again.' },
	{ codes: [137000], action: 'fix-recipient', explain: 'This person has changed phone or number since the last check.', goOn: 'Confirm who it is before sending anything private.' },
	{ codes: [131062], action: 'fix-recipient', explain: 'This kind of template cannot go to a user id.', goOn: 'Send to the phone number of this person.' },
	// Account
	{ codes: [131037], action: 'fix', explain: 'The display name of this number is not approved.', goOn: asIT },
	{ codes: [131042], action: 'hold', explain: 'Meta has no valid payment method for this account, or its credit is used up.', goOn: 'Ask finance to settle the payment method in WhatsApp Manager, then resume.' },
	{ codes: [131044, 134011], action: 'fix', explain: 'The payment terms for this are not accepted at Meta.', goOn: asIT },
	{ codes: [131045, 133000, [133004, 133010], 133015], action: 'hold', explain: 'The number of this channel is not registered properly at Meta.', goOn: 'Ask IT to register the number again in WhatsApp Manager, then resume.' },
	{ codes: [131057], action: 'retry', delay: maintenance, explain: 'Meta is servicing this account, for example to raise its speed.', goOn: 'It goes on by itself in a few minutes.' },
	{ codes: [131055, 131063, 131065, 134100, 134102, 139200], action: 'fix', explain: 'This account may not send this kind of message in this way.', goOn: asIT },
	{ codes: [134101], action: 'retry', delay: syncing, explain: 'Meta is still preparing the template for sending.', goOn: 'It goes on by itself within ten minutes.' },
	// Media
	{ codes: [131052], action: 'fix-recipient', explain: 'The file that this person sent cannot be fetched.', goOn: 'Ask the person to send it again, below 100 MB.' },
	{ codes: [131053], action: 'fix', explain: 'WhatsApp cannot use the picture, film, sound or document of this message.', goOn: newDraft },
	{ codes: [131060], action: 'fix-recipient', explain: 'A message of this person is not available here.', goOn: 'Nothing to do.' },
	// Templates
	{ codes: [132000, 132001, 132007, 132012], action: 'fix', explain: 'The template does not exist in this language, or does not match what was sent with it.', goOn: checkTemplate },
	{ codes: [132005], action: 'fix-recipient', explain: 'The text is too long once this person’s values are filled in.', goOn: 'Shorten the values for this person.' },
	{ codes: [132018], action: 'fix-recipient', explain: 'A value for this person holds a line break, a tab, more than four spaces in a row, or is too long.', goOn: 'Correct the values for this person.' },
	{ codes: [132015], action: 'hold', explain: 'Meta has paused the template because of low quality.', goOn: 'Wait until the template is active again or draft with another one, then resume.' },
	{ codes: [132016], action: 'hold', explain: 'Meta has switched the template off for good.', goOn: 'Have a new template approved and draft again.' },
	{ codes: [132068], action: 'fix', explain: 'The form (Flow) of this template is blocked.', goOn: checkTemplate },
	{ codes: [132069], action: 'once-later', delay: nextHour, explain: 'The form (Flow) of this template may be sent ten times an hour only, for now.', goOn: 'It is tried once more an hour later.' },
	{
		codes: [2388012, 2388019, 2388024, 2388039, 2388040, 2388047, 2388072, 2388073, 2388293, 2388299],
		action: 'fix', explain: 'Meta does not take the template as it is written.', goOn: 'Correct the template and submit it again.',
	},
	{ codes: [2388091, 2388093, 2388103, 2494100, 2593107, 2593108], action: 'hold', explain: 'The number is being moved between accounts or apps.', goOn: 'Finish the move in WhatsApp Manager, then resume.' },
	// Neighbouring services: none of them is used for sending, so whatever they refuse is a setting.
	{ codes: [[138000, 138999], [147001, 147004], [200005, 200007]], action: 'fix', explain: 'Meta refuses this for a service that messages do not need.', goOn: asIT },
	{ codes: [[139100, 139103]], action: 'fix-recipient', explain: 'This person could not be blocked or unblocked.', goOn: 'Only people who wrote in the last 24 hours can be blocked.' },
];
