import { z } from 'zod';
import { CivicError } from '../errors';
import { decodeBase64 } from './base64';
import { canonicalJson, parseCanonical, type JsonValue } from './canonicalJson';
import type { ActorRole } from './entry';
import { resemblesPersonalIdentifier } from './personalIdentifier';
import { hashSize } from './sha256';

/*
 * What the log keeps of an entry for ever: an allow-list of typed fields, none of which has room for personal data.
 * Version 1 never changes; a new field is a new version, so that an old verifier says "unknown" instead of overlooking it.
 */

/** An entry is at most this long: tlog-tiles writes its length in two bytes. */
export const maxLeafBytes = 65_535;

const roles = ['system', 'requester', 'approver', 'staff', 'resident', 'operator', 'provider'] as const satisfies readonly ActorRole[];

const fieldName = /^[a-z][A-Za-z0-9]{0,39}$/;
const word = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
/** A UK phone number with its country (12 digits) does not fit below this bound. */
const maxCount = 99_999_999_999;

const name = z.string().regex(fieldName);
const label = z.string().max(40).regex(word);
/** An id or digest that says nothing about a person. */
const identifier = z
	.string()
	.regex(/^[A-Za-z0-9:._-]{1,128}$/)
	.refine((text) => !resemblesPersonalIdentifier(text), 'resembles a phone number or a WhatsApp id');
const index = z.number().int().nonnegative().safe();

const leafHeader = z
	.object({
		v: z.literal(1),
		/** UUID version 7. */
		id: z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
		/** ISO 8601, milliseconds, UTC. */
		ts: z.string().refine(isTimestamp),
		/** What happened, `noun.verb`. */
		act: z
			.string()
			.max(80)
			.regex(/^[a-z]+(?:-[a-z]+)*\.[a-z]+(?:-[a-z]+)*$/),
		actor: z.object({ role: z.enum(roles), id: identifier.optional() }).strict(),
		/** What it happened to. */
		res: z.object({ type: label, id: identifier }).strict().optional(),
		/** How it ended. */
		out: label,
		/** Channel: Meta's phone-number id, which is not a phone number. */
		ch: z.string().regex(/^[0-9]{1,32}$/).optional(),
		/** Counts. */
		n: z.record(name, z.number().int().min(0).max(maxCount)).optional(),
		/** Further ids and digests. */
		ref: z.record(name, identifier).optional(),
		/** Commitments to personal values, by field. */
		sd: z.record(name, z.string().refine(isDigest)).optional(),
		/** Entries whose personal values this one erased: `[first, last]` both included, ascending, apart from each other. */
		er: z.array(z.tuple([index, index])).min(1).refine(isAscending).optional(),
	})
	.strict();

export type LeafHeader = z.infer<typeof leafHeader>;

export type LeafReading =
	| { readonly header: LeafHeader }
	| { readonly code: 'BAD_LEAF' | 'NON_CANONICAL' | 'UNKNOWN_VERSION'; readonly detail: string };

/**
 * The bytes that enter the tree: the header as canonical JSON.
 * @throws CivicError `input.invalid` when a field is unknown, malformed, resembles a personal identifier, or the whole is too long
 */
export function buildLeaf(header: LeafHeader): Buffer {
	const checked = leafHeader.safeParse(header);
	if (!checked.success) throw refusal(describe(checked.error));
	const leaf = Buffer.from(canonicalJson(withoutAbsent(checked.data)));
	if (leaf.length > maxLeafBytes) throw refusal(`it has ${leaf.length} bytes, and ${maxLeafBytes} is the most an entry may have`);
	return leaf;
}

/** Reads the bytes of an entry and says what is wrong with them, without repeating their content. */
export function readLeaf(leaf: Buffer): LeafReading {
	if (leaf.length > maxLeafBytes) return { code: 'BAD_LEAF', detail: `The entry has ${leaf.length} bytes, more than an entry may have.` };
	const value = parseCanonical(leaf);
	if (value === undefined) return { code: 'NON_CANONICAL', detail: 'The entry is not canonical JSON.' };
	if (!isVersion1(value)) return { code: 'UNKNOWN_VERSION', detail: 'The entry is of a version this program does not know.' };
	const checked = leafHeader.safeParse(value);
	return checked.success ? { header: checked.data } : { code: 'BAD_LEAF', detail: `The entry is malformed: ${describe(checked.error)}.` };
}

/**
 * Reads the bytes of an entry of one's own log.
 * @throws CivicError `ledger.corrupt`
 */
export function parseLeaf(leaf: Buffer): LeafHeader {
	const reading = readLeaf(leaf);
	if ('header' in reading) return reading.header;
	throw new CivicError('ledger.corrupt', `An entry of the ledger cannot be read. ${reading.detail}`, 'Keep a copy of the store and verify the ledger against a checkpoint kept elsewhere.');
}

function isTimestamp(text: string): boolean {
	const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text) ? Date.parse(text) : Number.NaN;
	return !Number.isNaN(time) && new Date(time).toISOString() === text;
}

function isDigest(text: string): boolean {
	return decodeBase64(text)?.length === hashSize;
}

function isAscending(ranges: readonly (readonly [number, number])[]): boolean {
	return ranges.every(([first, last], i) => first <= last && first > (ranges[i - 1]?.[1] ?? -1));
}

function isVersion1(value: JsonValue): boolean {
	return typeof value === 'object' && value !== null && 'v' in value && value.v === 1;
}

/** Optional fields given as undefined are the same as not given. Canonical JSON would refuse them. */
function withoutAbsent(header: LeafHeader): object {
	const present = (object: object) => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
	return present({ ...header, actor: present(header.actor) });
}

/** Which field is not as it should be. Values stay out of the text: they may be what must not be written down. */
function describe({ issues }: z.ZodError): string {
	const [issue] = issues;
	if (issue === undefined) return 'a field is not allowed';
	const place = issue.path.map((part) => (fieldName.test(String(part)) ? part : '…')).join('.') || 'the entry';
	if (issue.code === 'unrecognized_keys') return `${place} has a field that is not on the list`;
	if (issue.code === 'custom' && issue.message.startsWith('resembles')) return `${place} ${issue.message}`;
	return `${place} is absent or not of the form it should have`;
}

function refusal(reason: string): CivicError {
	return new CivicError('input.invalid', `The ledger does not take this entry: ${reason}.`, 'Put personal details and free text among the disclosed fields, which can be erased, and keep ids and counts only in the entry.');
}
