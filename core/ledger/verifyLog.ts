import { isCivicError } from '../errors';
import { verifyCheckpoint, type Checkpoint } from './checkpoint';
import { verifyDisclosure, type Disclosures } from './commitment';
import { Findings, type Finding } from './finding';
import { IndexRanges } from './indexRanges';
import { readLeaf, type LeafHeader } from './leaf';
import { emptyRoot, Frontier, leafHash } from './tree';
import { parseVerifierKey, type VerifierKey } from './verifierKey';

export interface LogEntry {
	/** Position in the log, from 0 without gaps. */
	readonly index: number;
	readonly leaf: Buffer;
	/** The personal fields as kept beside the log; null when they are gone; undefined when they are not to be checked. */
	readonly disclosures?: Disclosures | null | undefined;
}

export interface LogToVerify {
	/** All entries in order, read as they are needed. */
	readonly entries: AsyncIterable<LogEntry> | Iterable<LogEntry>;
	/** The newest checkpoint, a signed note. */
	readonly checkpoint: Buffer | string;
	/** The verifier key of the log, from somewhere the log's owner cannot change it. */
	readonly vkey: string;
	/** Older checkpoints that were kept elsewhere. Only they show a history that was rewritten with the signing key. */
	readonly earlier?: readonly (Buffer | string)[];
}

export interface LogVerification {
	/** Nothing was found. Read `notProven` beside it. */
	readonly ok: boolean;
	/** As signed; null when the checkpoint cannot be trusted. */
	readonly origin: string | null;
	/** Entries read. */
	readonly size: number;
	/** Root hash over the entries read, base64 as in a checkpoint. */
	readonly root: string;
	readonly findings: Finding[];
	/** Entries whose personal fields are gone and whose erasure is on record. */
	readonly erased: number;
	/** What this verification cannot tell. */
	readonly notProven: string[];
}

/**
 * Recomputes a log from its entries and compares it with what was signed. It reads each entry once and keeps none, so memory
 * does not grow with the log, only with the number of stretches that were erased.
 * @throws CivicError `input.invalid` when the verifier key is unusable; everything about the log itself is a finding
 */
export async function verifyLog({ entries, checkpoint, vkey, earlier = [] }: LogToVerify): Promise<LogVerification> {
	const key = parseVerifierKey(vkey);
	const findings = new Findings();
	const newest = openCheckpoint(checkpoint, key, findings, 'The newest checkpoint');
	const pins = openEarlier(earlier, key, newest, findings);
	const contents = new EntryContents(findings);
	const frontier = Frontier.empty();

	for await (const entry of entries) {
		if (entry.index !== frontier.size) {
			findings.add('ROOT_MISMATCH', frontier.size, `Entry ${frontier.size} was expected, and entry ${entry.index} came.`);
		}
		contents.check(entry);
		frontier.append(leafHash(entry.leaf));
		for (const pin of pins) if (pin.size === frontier.size) comparePin(pin, frontier, findings);
	}

	compareNewest(newest, frontier, findings);
	for (const pin of pins) {
		if (pin.size > frontier.size) findings.add('FORK', null, `An earlier checkpoint covers ${pin.size} entries, and there are ${frontier.size}.`);
	}
	const erased = contents.settleErasures();
	return {
		ok: findings.total === 0,
		origin: newest?.origin ?? null,
		size: frontier.size,
		root: frontier.root().toString('base64'),
		findings: findings.list(),
		erased,
		notProven: notProven(earlier.length, contents),
	};
}

function openCheckpoint(note: Buffer | string, key: VerifierKey, findings: Findings, which: string): Checkpoint | undefined {
	try {
		return verifyCheckpoint(note, [key]);
	} catch (cause) {
		if (!isCivicError(cause)) throw cause;
		// A checkpoint nobody can trust is a result of verification, not an obstacle to it.
		findings.add('CHECKPOINT', null, `${which} is not to be trusted. ${cause.message}`);
		return undefined;
	}
}

/** The earlier checkpoints that the entries can be compared with. */
function openEarlier(notes: readonly (Buffer | string)[], key: VerifierKey, newest: Checkpoint | undefined, findings: Findings): Checkpoint[] {
	const pins: Checkpoint[] = [];
	for (const [i, note] of notes.entries()) {
		const pin = openCheckpoint(note, key, findings, `Earlier checkpoint ${i + 1}`);
		if (pin === undefined) continue;
		if (newest !== undefined && pin.size > newest.size) {
			findings.add('ROLLBACK', null, `The newest checkpoint covers ${newest.size} entries, and an earlier one already covered ${pin.size}.`);
		} else if (pin.size === 0) {
			if (!pin.root.equals(emptyRoot)) findings.add('FORK', null, 'An earlier checkpoint of no entries has the root of some.');
		} else {
			pins.push(pin);
		}
	}
	return pins;
}

function comparePin(pin: Checkpoint, frontier: Frontier, findings: Findings): void {
	if (pin.root.equals(frontier.root())) return;
	findings.add('FORK', null, `The first ${pin.size} entries are not those that an earlier checkpoint was signed over.`);
}

function compareNewest(newest: Checkpoint | undefined, frontier: Frontier, findings: Findings): void {
	if (newest === undefined) return;
	if (newest.size !== frontier.size) {
		findings.add('ROOT_MISMATCH', null, `The checkpoint covers ${newest.size} entries, and there are ${frontier.size}.`);
	} else if (!newest.root.equals(frontier.root())) {
		findings.add('ROOT_MISMATCH', null, `The ${newest.size} entries do not add up to the signed root.`);
	}
}

function notProven(earlier: number, contents: EntryContents): string[] {
	const limits = ['Entries removed from the end, after the newest checkpoint that is kept elsewhere, cannot be noticed.', 'The times are those of the machine that wrote the entries.'];
	if (earlier === 0) limits.unshift('No earlier checkpoint was given, so a rewritten or rolled back history was not looked for.');
	if (contents.unchecked > 0) limits.push(`The personal fields of ${contents.unchecked} entries were not given, so they were not checked.`);
	return limits;
}

/** What the entries say, apart from the tree they form. */
class EntryContents {
	/** Entries with personal fields that nobody asked to check. */
	unchecked = 0;
	#lastTime = '';
	readonly #missing = new IndexRanges();
	readonly #erased = new IndexRanges();

	constructor(private readonly findings: Findings) {}

	check({ index, leaf, disclosures }: LogEntry): void {
		const reading = readLeaf(leaf);
		if (!('header' in reading)) {
			this.findings.add(reading.code, index, reading.detail);
			return;
		}
		this.#checkTime(index, reading.header.ts);
		this.#noteErasures(index, reading.header);
		this.#checkDisclosures(index, reading.header.sd ?? {}, disclosures);
	}

	/** Compares what is missing with what is on record as erased. @returns how many entries were lawfully erased */
	settleErasures(): number {
		const unexplained = this.#missing.without(this.#erased);
		for (const [first, last] of unexplained.ranges) {
			const which = first === last ? `entry ${first} are` : `entries ${first} to ${last} are`;
			this.findings.add('DISCLOSURE_MISSING', first, `The personal fields of ${which} absent without an erasure record.`);
		}
		return this.#missing.count - unexplained.count;
	}

	/** Timestamps have one fixed form, so they sort as text. */
	#checkTime(index: number, time: string): void {
		if (time < this.#lastTime) this.findings.add('TIME_REGRESSION', index, `Dated ${time}, and the entry before it ${this.#lastTime}.`);
		this.#lastTime = time;
	}

	#noteErasures(index: number, { er = [] }: LeafHeader): void {
		for (const [first, last] of er) {
			// An erasure on record in advance would excuse any later removal.
			if (last >= index) this.findings.add('BAD_LEAF', index, 'The entry claims to erase entries that came after it.');
			else this.#erased.add(first, last);
		}
	}

	#checkDisclosures(index: number, committed: Readonly<Record<string, string>>, disclosures: Disclosures | null | undefined): void {
		const fields = Object.keys(committed);
		if (disclosures === undefined) {
			if (fields.length > 0) this.unchecked += 1;
		} else if (disclosures === null) {
			if (fields.length > 0) this.#missing.add(index, index);
		} else {
			this.#compareFields(index, new Map(Object.entries(committed)), new Map(Object.entries(disclosures)));
		}
	}

	/** An erasure removes all fields of an entry, so a part of them missing is never lawful. */
	#compareFields(index: number, committed: ReadonlyMap<string, string>, disclosed: Map<string, Disclosures[string]>): void {
		for (const [field, digest] of committed) {
			const disclosure = disclosed.get(field);
			disclosed.delete(field);
			if (disclosure === undefined) this.findings.add('DISCLOSURE_MISSING', index, `The field ${field} is absent from what is disclosed of the entry.`);
			else if (!verifyDisclosure(field, disclosure, digest)) this.findings.add('DISCLOSURE_MISMATCH', index, `The field ${field} does not match its commitment.`);
		}
		if (disclosed.size > 0) this.findings.add('DISCLOSURE_MISMATCH', index, `${disclosed.size} fields are disclosed that the entry does not commit to.`);
	}
}
