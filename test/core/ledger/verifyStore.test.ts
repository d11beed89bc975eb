import type { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it } from 'vitest';
import { signCheckpoint } from '../../../core/ledger/checkpoint';
import type { FindingCode } from '../../../core/ledger/finding';
import { signingKey } from '../../../core/ledger/signingKey';
import { Frontier, leafHash } from '../../../core/ledger/tree';
import { verifyStore } from '../../../core/ledger/verifyStore';
import type { SqliteEngine } from '../../../core/store/sqlite/engine';
import { flipBit } from './fixtures';
import { addArea, areas, byHand, change, dropTriggers, enter, note, openEngine, refusal, scratchFolder } from '../store/scratch';

let folder: string;
let store: SqliteEngine;

const verify = (earlier: string[] = []) => store.execute(verifyStore, { earlier });
const codes = async (earlier: string[] = []): Promise<FindingCode[]> => [...new Set((await verify(earlier)).findings.map(({ code }) => code))].sort();

/** 261 entries: one for the store itself, 260 notes, about two people and the store. */
beforeEach(async () => {
	folder = scratchFolder();
	store = await openEngine(folder);
	for (let at = 0; at < 260; at += 65) {
		await enter(store, ...Array.from({ length: 65 }, (_, i) => note({ subject: `contact-${i % 2}`, disclose: { text: `words ${at + i}`, more: i } })));
	}
});

const edit = (work: (database: DatabaseSync) => void) =>
	byHand(folder, (database) => {
		dropTriggers(database);
		work(database);
	});

function blob(database: DatabaseSync, sql: string): Buffer {
	return Buffer.from(Object.values(database.prepare(sql).get() ?? {})[0] as Uint8Array);
}

/** An append is refused, and the change it belongs to with it. */
async function appendsStop(): Promise<void> {
	const thrown = await refusal(
		change(store, async (context) => {
			await addArea(context, 'route-1');
			context.append(note());
		}),
	);
	expect(thrown).toMatchObject({ code: 'ledger.corrupt', hint: expect.stringMatching(/backup|copy of the store/) as string });
	expect(await areas(store)).toEqual([]);
}

describe('a store nobody touched', () => {
	it('verifies, with the key and the checkpoint to keep elsewhere', async () => {
		const { ok, size, findings, verifierKey, checkpoint, notProven } = await verify();
		expect({ ok, size, findings }).toEqual({ ok: true, size: 261, findings: [] });
		expect(checkpoint.split('\n')[0]).toBe(verifierKey.split('+')[0]);
		expect(notProven.join(' ')).toContain('No earlier checkpoint was given');
	});
});

describe('an edit by hand is named', () => {
	it('of an entry', async () => {
		edit((database) => {
			const leaf = blob(database, 'SELECT leaf FROM ledger_entry WHERE idx = 100').toString().replace('"ok"', '"held"');
			database.prepare('UPDATE ledger_entry SET leaf = ? WHERE idx = 100').run(Buffer.from(leaf));
		});
		expect(await codes()).toEqual(['ROOT_MISMATCH', 'STORED_HASH']);
		expect((await verify()).findings.filter(({ entry }) => entry === 100).map(({ code }) => code)).toEqual(['STORED_HASH']);
	});

	it('of an entry together with its hash', async () => {
		edit((database) => {
			const leaf = Buffer.from(blob(database, 'SELECT leaf FROM ledger_entry WHERE idx = 100').toString().replace('"ok"', '"held"'));
			database.prepare('UPDATE ledger_entry SET leaf = ?, leaf_hash = ? WHERE idx = 100').run(leaf, leafHash(leaf));
		});
		expect(await codes()).toEqual(['FORK', 'ROOT_MISMATCH', 'STORED_HASH']);
	});

	it('of the newest entry, which stops the next append', async () => {
		edit((database) => {
			const leaf = Buffer.from(blob(database, 'SELECT leaf FROM ledger_entry WHERE idx = 260').toString().replace('"ok"', '"held"'));
			database.prepare('UPDATE ledger_entry SET leaf = ? WHERE idx = 260').run(leaf);
		});
		expect(await codes()).toContain('ROOT_MISMATCH');
		await appendsStop();
	});

	it.each([0, 100, 260])('that deletes entry %i', async (idx) => {
		edit((database) => database.exec(`DELETE FROM ledger_entry WHERE idx = ${idx}`));
		const { ok, findings } = await verify();
		expect(ok).toBe(false);
		expect(findings[0]).toMatchObject({ code: 'ROOT_MISMATCH' });
		if (idx === 260) await appendsStop();
	});

	it('that deletes an entry and moves the later ones up', async () => {
		edit((database) => {
			database.exec('DELETE FROM ledger_entry WHERE idx = 100');
			for (let idx = 101; idx <= 260; idx++) database.exec(`UPDATE ledger_entry SET idx = ${idx - 1} WHERE idx = ${idx}`);
		});
		expect(await codes()).toEqual(expect.arrayContaining(['DISCLOSURE_MISMATCH', 'ROOT_MISMATCH']));
		await appendsStop();
	});

	it('that swaps two entries', async () => {
		edit((database) => {
			database.exec('UPDATE ledger_entry SET idx = 999 WHERE idx = 10');
			database.exec('UPDATE ledger_entry SET idx = 10 WHERE idx = 200');
			database.exec('UPDATE ledger_entry SET idx = 200 WHERE idx = 999');
		});
		expect(await codes()).toEqual(expect.arrayContaining(['DISCLOSURE_MISMATCH', 'ROOT_MISMATCH']));
	});

	it('that adds an entry', async () => {
		edit((database) => database.exec('INSERT INTO ledger_entry (idx, leaf, leaf_hash) SELECT 261, leaf, leaf_hash FROM ledger_entry WHERE idx = 5'));
		expect(await codes()).toContain('ROOT_MISMATCH');
		await appendsStop();
	});

	it('of a node of the tree', async () => {
		edit((database) => database.prepare('UPDATE ledger_node SET hash = ?').run(flipBit(blob(database, 'SELECT hash FROM ledger_node'), 7)));
		expect(await codes()).toEqual(['STORED_HASH']);
	});

	it('that deletes or adds a node', async () => {
		edit((database) => database.exec('UPDATE ledger_node SET n = 5'));
		const { findings } = await verify();
		expect(findings.map(({ code }) => code)).toEqual(['STORED_HASH', 'STORED_HASH']);
	});

	it.each([
		['its size', 'UPDATE ledger_head SET size = 260'],
		['its frontier', "UPDATE ledger_head SET frontier = zeroblob(length(frontier))"],
		['its frontier cut short', 'UPDATE ledger_head SET frontier = substr(frontier, 33)'],
		['its time, set back', 'UPDATE ledger_head SET newest_at = 0'],
		['its time, set forward', 'UPDATE ledger_head SET newest_at = newest_at + 1'],
		['all of it', 'DELETE FROM ledger_head'],
	])('of the head: %s', async (_, statement) => {
		edit((database) => database.exec(statement));
		expect(await codes()).toEqual(['STORED_HASH']);
		await appendsStop();
	});

	it.each([
		['its size', "UPDATE ledger_checkpoint SET note = replace(note, '261', '260') WHERE size = 261"],
		['its signature', "UPDATE ledger_checkpoint SET note = substr(note, 1, length(note) - 12) || 'AAAAAAAAAAA' || char(10) WHERE size = 261"],
		['every word', "UPDATE ledger_checkpoint SET note = 'nothing' WHERE size = 261"],
		['the row it stands in', 'UPDATE ledger_checkpoint SET size = 300 WHERE size = 261'],
		['none is left', 'DELETE FROM ledger_checkpoint'],
		['the newest is gone', 'DELETE FROM ledger_checkpoint WHERE size = 261'],
	])('of the newest checkpoint: %s', async (_, statement) => {
		edit((database) => database.exec(statement));
		expect((await verify()).ok).toBe(false);
		await appendsStop();
	});

	it('of an older checkpoint', async () => {
		edit((database) => {
			const [older, newer] = database.prepare('SELECT note FROM ledger_checkpoint WHERE size IN (66, 131) ORDER BY size').all();
			database.prepare('UPDATE ledger_checkpoint SET note = ? WHERE size = 66').run(String(newer?.note));
			database.prepare('UPDATE ledger_checkpoint SET note = ? WHERE size = 131').run(String(older?.note));
		});
		expect(await codes()).toEqual(['CHECKPOINT']);
	});

	it('of a disclosed value, or swaps two, or hands one to another person', async () => {
		edit((database) => {
			database.prepare('UPDATE disclosure SET sealed = ? WHERE idx = 3').run(flipBit(blob(database, 'SELECT sealed FROM disclosure WHERE idx = 3'), 200));
			const [a, b] = [blob(database, 'SELECT sealed FROM disclosure WHERE idx = 10'), blob(database, 'SELECT sealed FROM disclosure WHERE idx = 12')];
			database.prepare('UPDATE disclosure SET sealed = ? WHERE idx = 10').run(b);
			database.prepare('UPDATE disclosure SET sealed = ? WHERE idx = 12').run(a);
			database.exec("UPDATE disclosure SET subject = 'contact-1' WHERE idx = 21");
		});
		const { findings } = await verify();
		expect(findings.map(({ code, entry }) => [code, entry])).toEqual([3, 10, 12, 21].map((entry) => ['DISCLOSURE_MISMATCH', entry]));
		expect(JSON.stringify(findings)).not.toContain('words');
	});

	it('that drops a disclosed value or a person’s key without an erasure on record', async () => {
		edit((database) => {
			database.exec('DELETE FROM disclosure WHERE idx = 3');
			database.exec("UPDATE disclosure SET subject = 'nobody' WHERE idx = 8");
		});
		expect((await verify()).findings.map(({ code, entry }) => [code, entry])).toEqual([['DISCLOSURE_MISSING', 3], ['DISCLOSURE_MISSING', 8]]);
		edit((database) => database.exec("DELETE FROM subject_key WHERE subject = 'contact-0'"));
		expect((await verify()).findings.length).toBeGreaterThan(100);
	});

	it('of a wrapped key', async () => {
		edit((database) => database.exec("UPDATE subject_key SET wrapped = zeroblob(60) WHERE subject = 'contact-0'"));
		expect(await codes()).toEqual(['DISCLOSURE_MISMATCH']);
	});

	it('of the index for look-ups changes nothing, because nothing rests on it', async () => {
		edit((database) => database.exec("UPDATE ledger_index SET act = 'note.forged'"));
		expect((await verify()).ok).toBe(true);
	});
});

describe('a history rewritten', () => {
	it('by somebody without the key is noticed by itself', async () => {
		const stranger = Buffer.alloc(32, 7);
		edit((database) => resign(database, stranger));
		expect(await codes()).toContain('CHECKPOINT');
		await appendsStop();
	});

	it('by truncation is noticed with an older checkpoint that was kept elsewhere, and says so when there is none', async () => {
		const kept = (await verify()).checkpoint;
		edit((database) => truncate(database, 196));
		expect((await verify()).notProven.join(' ')).toContain('No earlier checkpoint');
		expect(await codes([kept])).toEqual(['ROLLBACK']);
	});

	it('and continued after an old copy was put back is noticed the same way', async () => {
		const kept = (await verify()).checkpoint;
		edit((database) => truncate(database, 196));
		await enter(store, ...Array.from({ length: 65 }, () => note()));
		expect(await codes([kept])).toEqual(['FORK']);
	});
});

/** What somebody who knows the format can do without any key: forget the newest entries. */
function truncate(database: DatabaseSync, size: number): void {
	for (const table of ['ledger_index', 'disclosure', 'ledger_entry']) database.exec(`DELETE FROM ${table} WHERE idx >= ${size}`);
	database.exec(`DELETE FROM ledger_checkpoint WHERE size > ${size}`);
	database.exec('DELETE FROM ledger_node');
	writeHead(database);
}

function writeHead(database: DatabaseSync): Frontier {
	const frontier = Frontier.empty();
	let newest = 0;
	for (const { leaf } of database.prepare('SELECT leaf FROM ledger_entry ORDER BY idx').all()) {
		const bytes = Buffer.from(leaf as Uint8Array);
		frontier.append(leafHash(bytes));
		newest = Date.parse((JSON.parse(bytes.toString()) as { ts: string }).ts);
	}
	database.prepare('UPDATE ledger_head SET size = ?, frontier = ?, newest_at = ?').run(frontier.size, frontier.serialise(), newest);
	return frontier;
}

/** Drops the last entry and signs the rest with another key. */
function resign(database: DatabaseSync, seed: Buffer): void {
	database.exec('DELETE FROM disclosure WHERE idx = 260; DELETE FROM ledger_index WHERE idx = 260; DELETE FROM ledger_entry WHERE idx = 260; DELETE FROM ledger_checkpoint WHERE size = 261');
	const frontier = writeHead(database);
	const origin = String(database.prepare('SELECT origin FROM store_identity').get()?.origin);
	const signed = signCheckpoint({ origin, size: 260, root: frontier.root(), extensions: [] }, [signingKey(origin, seed)]);
	database.prepare('INSERT INTO ledger_checkpoint (size, note, signed_at) VALUES (260, ?, 0)').run(signed);
}
