import { CivicError } from '../errors';
import type { ActorRole } from '../ledger/entry';
import type { CommandContext } from '../store/command';
import { codeFor } from './code';
import { recordConsent } from './consentEvent';
import { linkedLookups } from './personLink';

/** Every topic at once. No topic has this as its code. */
export const allTopics = '*';

export interface OptOut {
	/** All hashes by which the person is known: of the phone number, of the BSUID, or of both. The first is the main one. */
	lookups: readonly string[];
	/** A topic by code or name, or `*`. */
	topic: string;
	/** How they asked, such as `whatsapp-text`. */
	source: string;
	/** When they asked, milliseconds since the epoch. */
	at: number;
	contactId?: string;
	/** Where they asked. */
	channelId?: string;
	/** Who asked: the resident, unless staff enter it for them. */
	actor?: { role: ActorRole; details?: Record<string, unknown> };
}

/**
 * Takes a person out, by every name WhatsApp has for them, also by names that were only seen beside the given ones. For use inside a command. The earliest request stays the one
 * that counts; asking again adds evidence and changes nothing else.
 * @returns whether anything was new
 * @throws CivicError `input.invalid` when there is no lookup
 */
export async function recordOptOut(context: CommandContext, optOut: OptOut): Promise<boolean> {
	const { lookups, source, at, contactId, channelId, actor = { role: 'resident' } } = optOut;
	const topic = topicCode(optOut.topic);
	const [mainLookup] = lookups;
	if (mainLookup === undefined) {
		throw new CivicError('input.invalid', 'An opt-out names neither a phone number nor a WhatsApp user id.', 'Give at least one of them.');
	}
	let recorded = 0;
	for (const lookup of await linkedLookups(context, lookups)) {
		const row = await context.sql.run(
			'INSERT INTO opt_out (person_lookup, topic, since, source, mac) VALUES (?, ?, ?, ?, ?) ON CONFLICT (person_lookup, topic) DO NOTHING',
			lookup,
			topic,
			at,
			source,
			sealOf(context, lookup, topic, at),
		);
		const isEvidence = await recordConsent(context, { contactId, personLookup: lookup, kind: 'opt-out', topic, source, occurredAt: at });
		if (row.changes > 0 || isEvidence) recorded++;
	}
	if (recorded === 0) return false;
	context.append({
		act: 'consent.opt-out',
		actor: { role: actor.role },
		outcome: 'ok',
		channel: channelId,
		counts: { identifiers: recorded },
		disclose: { person: contactId ?? mainLookup, topic, source, at: new Date(at).toISOString(), ...actor.details },
		subject: contactId ?? strangerSubject(mainLookup),
	});
	return true;
}

/** Whose key seals what is known of somebody who is not a contact. */
export function strangerSubject(lookup: string): string {
	return `person:${lookup}`;
}

export interface StandingOptOut {
	personLookup: string;
	/** Code of a topic, or `*`. */
	topic: string;
	/** Milliseconds since the epoch. */
	since: number;
	source: string;
}

/**
 * Every opt-out of a person, the earliest first. A row that somebody changed by hand counts as an opt-out from everything:
 * what it said before is not known, and silence is the safe reading.
 */
export async function readOptOuts(context: CommandContext, lookups: readonly string[]): Promise<StandingOptOut[]> {
	const rows = await context.sql.all<{ person_lookup: string; topic: string; since: number; source: string; mac: string }>(
		`SELECT person_lookup, topic, since, source, mac FROM opt_out WHERE person_lookup IN (${lookups.map(() => '?').join(', ')}) ORDER BY since`,
		...lookups,
	);
	return rows.map(({ person_lookup, topic, since, source, mac }) => ({
		personLookup: person_lookup,
		topic: sealOf(context, person_lookup, topic, since) === mac ? topic : allTopics,
		since,
		source,
	}));
}

/**
 * The opt-out that keeps this person from being messaged on a topic, if there is one.
 * @param topic by code or name; without one only an opt-out from everything counts
 */
export async function findOptOut(context: CommandContext, lookups: readonly string[], topic?: string): Promise<StandingOptOut | undefined> {
	if (lookups.length === 0) return undefined;
	const code = topicCode(topic ?? allTopics);
	const all = await readOptOuts(context, lookups);
	return all.find((optOut) => optOut.topic === allTopics || optOut.topic === code);
}

/** Asked at the moment of sending, for each person, for messages of every category. */
export async function isOptedOut(context: CommandContext, lookups: readonly string[], topic?: string): Promise<boolean> {
	return (await findOptOut(context, lookups, topic)) !== undefined;
}

/** A name that holds nothing to make a code of is read as everything. */
function topicCode(topic: string): string {
	return codeFor(topic) || allTopics;
}

function sealOf({ keys }: CommandContext, lookup: string, topic: string, since: number): string {
	return keys.mac('opt-out', [lookup, topic, since]);
}
