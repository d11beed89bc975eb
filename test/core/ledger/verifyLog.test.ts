import { describe, expect, it } from 'vitest';
import { signCheckpoint } from '../../../core/ledger/checkpoint';
import { commit, type Disclosure, type Disclosures } from '../../../core/ledger/commitment';
import { buildLeaf, type LeafHeader } from '../../../core/ledger/leaf';
import type { NoteSigner } from '../../../core/ledger/signingKey';
import { emptyRoot, Frontier, leafHash } from '../../../core/ledger/tree';
import { uuidv7 } from '../../../core/ledger/uuidv7';
import { verifyLog, type LogEntry, type LogToVerify } from '../../../core/ledger/verifyLog';
import { flipBit, origin, seededRandom, signer, strangerSigner, vkey } from './fixtures';

const start = Date.UTC(2026, 10, 22, 7);
const random = seededRandom('log');

interface Written {
	leaf: Buffer;
	disclosures: Disclosures | null;
}

/** An entry about one resident, with a name and a phone number beside it. */
function written(i: number, change: Partial<LeafHeader> = {}): Written {
	const phone = commit('phone', `+4477009${String(i).padStart(5, '0')}`, random);
	const name = commit('name', { first: 'Resident', last: String(i) }, random);
	const leaf = buildLeaf({
		v: 1,
		id: uuidv7(start + i, random),
		ts: new Date(start + i * 1000).toISOString(),
		act: 'message.send',
		actor: { role: 'system' },
		out: 'ok',
		sd: { phone: phone.commitment, name: name.commitment },
		...change,
	});
	return { leaf, disclosures: { phone: phone.disclosure, name: name.disclosure } };
}

function sign(log: Written[], by: NoteSigner = signer, size = log.length): string {
	const frontier = Frontier.empty();
	for (const { leaf } of log.slice(0, size)) frontier.append(leafHash(leaf));
	return signCheckpoint({ origin, size, root: frontier.root(), extensions: [] }, [by]);
}

const entries = (log: Written[]): LogEntry[] => log.map(({ leaf, disclosures }, index) => ({ index, leaf, disclosures }));

async function check(log: Written[], rest: Partial<LogToVerify> = {}) {
	return verifyLog({ entries: entries(log), checkpoint: sign(log), vkey, ...rest });
}

const codes = ({ findings }: { findings: { code: string }[] }) => [...new Set(findings.map(({ code }) => code))].sort();

const genuine = Array.from({ length: 60 }, (_, i) => written(i));
const genuineCheckpoint = sign(genuine);
/** Kept elsewhere, at 50 entries. */
const pin = sign(genuine, signer, 50);
const noPersonal = (log: Written[]): LogEntry[] => log.map(({ leaf }, index) => ({ index, leaf }));

describe('verifying an honest log', () => {
	it('finds nothing and says what was verified', async () => {
		const frontier = Frontier.empty();
		for (const { leaf } of genuine) frontier.append(leafHash(leaf));
		expect(await check(genuine, { earlier: [pin, sign(genuine, signer, 1), sign([])] })).toEqual({
			ok: true,
			origin,
			size: 60,
			root: frontier.root().toString('base64'),
			findings: [],
			erased: 0,
			notProven: [expect.stringContaining('removed from the end'), expect.stringContaining('times')],
		});
	});

	it('says what was not looked at', async () => {
		const { ok, notProven } = await check(genuine, { entries: noPersonal(genuine) });
		expect(ok).toBe(true);
		expect(notProven).toHaveLength(4);
		expect(notProven[0]).toContain('No earlier checkpoint');
		expect(notProven[3]).toContain('60 entries');
	});

	it('takes an empty one', async () => {
		expect(await check([])).toMatchObject({ ok: true, size: 0, root: emptyRoot.toString('base64') });
	});

	it('reads the entries one by one as they are needed', async () => {
		let open = 0;
		let most = 0;
		async function* stream(): AsyncGenerator<LogEntry> {
			for (const entry of entries(genuine)) {
				open += 1;
				most = Math.max(most, open);
				yield entry;
				open -= 1;
			}
		}
		expect((await check(genuine, { entries: stream() })).ok).toBe(true);
		expect(most).toBe(1);
	});

	it('takes equal times', async () => {
		const same = [written(0), written(0), written(1)];
		expect((await check(same)).ok).toBe(true);
	});
});

/** What can be done to the entries, and what shows: without the signing key, and with it but against the checkpoint kept elsewhere. */
const tampering: [string, (log: Written[]) => Written[], string[], string[]][] = [
	['an entry edited', (log) => log.with(10, { ...log[10], leaf: written(10, { out: 'refused', sd: undefined }).leaf, disclosures: null }), ['FORK', 'ROOT_MISMATCH'], ['FORK']],
	['the first entry deleted', (log) => log.slice(1), ['FORK', 'ROOT_MISMATCH'], ['FORK']],
	['an entry deleted', (log) => log.toSpliced(10, 1), ['FORK', 'ROOT_MISMATCH'], ['FORK']],
	['an entry inserted', (log) => log.toSpliced(10, 0, written(10)), ['FORK', 'ROOT_MISMATCH'], ['FORK']],
	['an entry repeated', (log) => log.toSpliced(10, 0, log[10] as Written), ['FORK', 'ROOT_MISMATCH'], ['FORK']],
	['neighbours swapped', (log) => swap(log, 10, 11), ['FORK', 'ROOT_MISMATCH', 'TIME_REGRESSION'], ['FORK', 'TIME_REGRESSION']],
	['distant entries swapped', (log) => swap(log, 3, 40), ['FORK', 'ROOT_MISMATCH', 'TIME_REGRESSION'], ['FORK', 'TIME_REGRESSION']],
	['the end cut off below the checkpoint kept elsewhere', (log) => log.slice(0, 45), ['FORK', 'ROOT_MISMATCH'], ['ROLLBACK']],
	['the last entry deleted', (log) => log.slice(0, -1), ['ROOT_MISMATCH'], []],
	['an entry added', (log) => [...log, written(60)], ['ROOT_MISMATCH'], []],
];

function swap(log: Written[], a: number, b: number): Written[] {
	return log.with(a, log[b] as Written).with(b, log[a] as Written);
}

describe('verifying a log with', () => {
	it.each(tampering)('%s', async (_, tamper, withoutKey, withKey) => {
		const log = tamper(genuine);
		expect(codes(await check(log, { checkpoint: genuineCheckpoint, earlier: [pin] }))).toEqual(withoutKey);
		expect(codes(await check(log, { earlier: [pin] }))).toEqual(withKey);
	});

	it('an old copy put back and continued', async () => {
		const forked = [...genuine.slice(0, 40), ...Array.from({ length: 30 }, (_, i) => written(100 + i))];
		expect(codes(await check(forked, { earlier: [pin] }))).toEqual(['FORK']);
	});

	it('all of it signed anew by another key', async () => {
		const result = await check(genuine, { checkpoint: sign(genuine, strangerSigner) });
		expect(codes(result)).toEqual(['CHECKPOINT']);
		expect(result).toMatchObject({ ok: false, origin: null });
	});

	it('a checkpoint of which a bit was flipped', async () => {
		const bytes = Buffer.from(genuineCheckpoint);
		for (let bit = 0; bit < bytes.length * 8; bit += 37) {
			expect(codes(await check([], { checkpoint: flipBit(bytes, bit) }))).toEqual(['CHECKPOINT']);
		}
	});

	it('an earlier checkpoint that nobody can trust', async () => {
		const result = await check(genuine, { earlier: ['gritting', sign(genuine, strangerSigner, 50), pin] });
		expect(result.findings.map(({ code, detail }) => [code, /Earlier checkpoint \d/.exec(detail)?.[0]])).toEqual([
			['CHECKPOINT', 'Earlier checkpoint 1'],
			['CHECKPOINT', 'Earlier checkpoint 2'],
		]);
	});

	it('an earlier checkpoint of no entries that has a root', async () => {
		const odd = signCheckpoint({ origin, size: 0, root: Buffer.alloc(32), extensions: [] }, [signer]);
		expect(codes(await check(genuine, { earlier: [odd] }))).toEqual(['FORK']);
	});

	it('an entry that is missing among those read', async () => {
		const { findings } = await check(genuine, { entries: entries(genuine).toSpliced(10, 1) });
		expect(findings[0]).toMatchObject({ code: 'ROOT_MISMATCH', entry: 10 });
	});

	it('entries that are no leaves', async () => {
		const spoil = (leaf: Buffer): Written => ({ leaf, disclosures: null });
		const text = (genuine[3] as Written).leaf.toString();
		const log = genuine
			.with(3, spoil(Buffer.from(`${text} `)))
			.with(4, spoil(Buffer.from(text.replace('"v":1', '"v":2'))))
			.with(5, spoil(Buffer.from(text.replace('"system"', '"mayor"'))));
		const { findings } = await check(log);
		expect(findings.map(({ code, entry }) => [code, entry])).toEqual([
			['NON_CANONICAL', 3],
			['UNKNOWN_VERSION', 4],
			['BAD_LEAF', 5],
		]);
	});

	it('one flipped bit in any entry', async () => {
		for (let i = 0; i < genuine.length; i++) {
			const { leaf, disclosures } = genuine[i] as Written;
			const log = genuine.with(i, { leaf: flipBit(leaf, (i * 97) % (leaf.length * 8)), disclosures });
			expect(codes(await check(log, { checkpoint: genuineCheckpoint }))).toContain('ROOT_MISMATCH');
		}
	});

	it('refuses a verifier key that is none, because then nothing can be said', async () => {
		await expect(check(genuine, { vkey: 'gritting' })).rejects.toMatchObject({ code: 'input.invalid' });
	});
});

describe('verifying personal fields', () => {
	const disclosed = (i: number) => (genuine[i] as Written).disclosures as Disclosures;
	const field = (i: number, name: 'phone' | 'name') => disclosed(i)[name] as Disclosure;
	const withDisclosures = (i: number, disclosures: Disclosures | null) => genuine.with(i, { leaf: (genuine[i] as Written).leaf, disclosures });

	it.each<[string, Disclosures | null, string]>([
		['edited', { ...disclosed(7), phone: [field(7, 'phone')[0], '+447700900999'] }, 'DISCLOSURE_MISMATCH'],
		['taken from another entry', disclosed(8), 'DISCLOSURE_MISMATCH'],
		['exchanged for one another', { phone: field(7, 'name'), name: field(7, 'phone') }, 'DISCLOSURE_MISMATCH'],
		['with a field more than was committed to', { ...disclosed(7), note: field(7, 'phone') }, 'DISCLOSURE_MISMATCH'],
		['under a name every object has', { ...disclosed(7), constructor: field(7, 'phone') }, 'DISCLOSURE_MISMATCH'],
		['with sloppy base64', { ...disclosed(7), phone: [field(7, 'phone')[0].replace('=', ''), field(7, 'phone')[1]] }, 'DISCLOSURE_MISMATCH'],
		['with a field less', { phone: field(7, 'phone') }, 'DISCLOSURE_MISSING'],
		['with no field left', {}, 'DISCLOSURE_MISSING'],
		['of another shape', { ...disclosed(7), phone: null } as unknown as Disclosures, 'DISCLOSURE_MISMATCH'],
		['gone', null, 'DISCLOSURE_MISSING'],
	])('finds those that are %s', async (_, disclosures, code) => {
		const result = await check(withDisclosures(7, disclosures));
		expect(codes(result)).toEqual([code]);
		expect(result.findings[0]?.entry).toBe(7);
		expect(JSON.stringify(result.findings)).not.toContain('7700900');
	});

	/** What the store looks like after an erasure of the entries in `gone`, with `er` on record. */
	const erased = (gone: number[], er: [number, number][], after: Written[] = []) => [
		...genuine.map(({ leaf, disclosures }, i) => ({ leaf, disclosures: gone.includes(i) ? null : disclosures })),
		{ leaf: written(60, { act: 'gdpr.erase', sd: undefined, er }).leaf, disclosures: null },
		...after,
	];

	it('tells lawfully erased from silently removed', async () => {
		expect(await check(erased([3, 4, 5, 20], [[3, 5], [20, 20]]), { earlier: [pin] })).toMatchObject({ ok: true, erased: 4, findings: [] });
		const { findings, erased: count } = await check(erased([3, 4, 5, 20, 21], [[3, 4], [20, 20]]));
		expect(count).toBe(3);
		expect(findings.map(({ code, entry }) => [code, entry])).toEqual([
			['DISCLOSURE_MISSING', 5],
			['DISCLOSURE_MISSING', 21],
		]);
	});

	it('adds up several erasures, whichever order their entries come in', async () => {
		const second = { leaf: written(61, { act: 'gdpr.erase', sd: undefined, er: [[1, 2], [5, 6]] }).leaf, disclosures: null };
		expect(await check(erased([1, 2, 3, 4, 5, 6], [[3, 4], [6, 6]], [second]))).toMatchObject({ ok: true, erased: 6 });
	});

	it('does not let an entry excuse in advance what is removed later', async () => {
		const later = { ...written(61), disclosures: null };
		const { findings } = await check(erased([], [[61, 61]], [later]));
		expect(findings.map(({ code, entry }) => [code, entry])).toEqual([
			['BAD_LEAF', 60],
			['DISCLOSURE_MISSING', 61],
		]);
	});

	it('misses nothing in entries that have none', async () => {
		const bare = [{ leaf: written(0, { sd: undefined }).leaf, disclosures: null }, { leaf: written(1, { sd: undefined }).leaf, disclosures: {} }];
		expect(await check(bare)).toMatchObject({ ok: true, erased: 0 });
	});
});
