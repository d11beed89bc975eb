import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createKeyFile, readKeyFile } from '../../../core/store/keyFile';
import { SqliteEngine } from '../../../core/store/sqlite/engine';
import { systemClock, systemRandom } from '../../../core/world';
import { addArea, areas, byHand, change, databaseIn, keysIn, openEngine, refusal, scratchFolder } from './scratch';

const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);

function keysOf(folder: string): Record<string, string | number> {
	return JSON.parse(readFileSync(keysIn(folder), 'utf8')) as Record<string, string | number>;
}

const reopen = (folder: string) => SqliteEngine.open({ folder, clock: systemClock, random: systemRandom });

/** A store that was closed, with one row in it. */
async function usedStore(): Promise<string> {
	const folder = join(scratchFolder(), 'civic-comms');
	const store = await openEngine(folder);
	await change(store, (context) => addArea(context, 'route-1'));
	await store.close();
	return folder;
}

describe('on first use', () => {
	it('the folder and everything in it belong to their owner alone, whatever the umask', async () => {
		const before = process.umask(0);
		try {
			const folder = join(scratchFolder(), 'a', 'b');
			const store = await openEngine(folder);
			expect(mode(folder)).toBe('700');
			for (const name of readdirSync(folder)) expect([name, mode(join(folder, name))]).toEqual([name, '600']);
			expect(readdirSync(folder)).toHaveLength(4);
			await store.close();
		} finally {
			process.umask(before);
		}
	});

	it('a folder that IT made open to others still gets closed files, the write-ahead log among them', async () => {
		const before = process.umask(0o022);
		try {
			const folder = join(scratchFolder(), 'made-by-it');
			mkdirSync(folder, { mode: 0o755 });
			await openEngine(folder);
			for (const name of readdirSync(folder)) expect([name, mode(join(folder, name))]).toEqual([name, '600']);
		} finally {
			process.umask(before);
		}
	});

	it('four keys are drawn, all different', async () => {
		const { version, ...secrets } = keysOf(await usedStore());
		expect(version).toBe(1);
		expect(Object.keys(secrets)).toEqual(['wrapping', 'lookup', 'mac', 'ledger']);
		expect(new Set(Object.values(secrets)).size).toBe(4);
		for (const secret of Object.values(secrets)) expect(Buffer.from(String(secret), 'base64')).toHaveLength(32);
	});

	it('keys that somebody else made in the meantime are taken, never overwritten', () => {
		const path = join(scratchFolder(), 'keys.json');
		const first = createKeyFile(path, systemRandom);
		const second = createKeyFile(path, systemRandom);
		expect(second).toEqual(first);
		expect(readKeyFile(path)).toEqual(first);
		expect(readdirSync(join(path, '..'))).toEqual(['keys.json']);
	});

	it('keys left by a start that could not make the database are used by the next start', async () => {
		const folder = scratchFolder();
		mkdirSync(databaseIn(folder));
		expect(await refusal(reopen(folder))).toMatchObject({ code: 'store.foreign' });
		const keys = existsSync(keysIn(folder)) ? readFileSync(keysIn(folder), 'utf8') : undefined;
		(await import('node:fs')).rmdirSync(databaseIn(folder));
		const store = await openEngine(folder);
		await change(store, (context) => addArea(context, 'route-1'));
		if (keys !== undefined) expect(readFileSync(keysIn(folder), 'utf8')).toBe(keys);
	});
});

describe('a key file', () => {
	it('opens its store again', async () => {
		const folder = await usedStore();
		expect(await areas(await openEngine(folder))).toEqual(['route-1']);
	});

	it('that is missing while the store exists is refused, and none is made', async () => {
		const folder = await usedStore();
		unlinkSync(keysIn(folder));
		const thrown = await refusal(reopen(folder));
		expect(thrown).toMatchObject({ code: 'store.keys-missing', hint: expect.stringContaining('backup') as string });
		expect(existsSync(keysIn(folder))).toBe(false);
	});

	it.each([0o640, 0o604, 0o660, 0o666])('with mode %o is refused, because others could read it', async (open) => {
		const folder = await usedStore();
		chmodSync(keysIn(folder), open);
		expect(await refusal(reopen(folder))).toMatchObject({ code: 'store.keys-wrong', hint: expect.stringContaining('chmod 600') as string });
	});

	it('is judged by what a link points at', async () => {
		const folder = await usedStore();
		const elsewhere = join(scratchFolder(), 'shared.json');
		writeFileSync(elsewhere, readFileSync(keysIn(folder)), { mode: 0o644 });
		unlinkSync(keysIn(folder));
		symlinkSync(elsewhere, keysIn(folder));
		expect(await refusal(reopen(folder))).toMatchObject({ code: 'store.keys-wrong' });
	});

	it('of another store is refused', async () => {
		const [folder, other] = [await usedStore(), await usedStore()];
		writeFileSync(keysIn(folder), readFileSync(keysIn(other)));
		expect(await refusal(reopen(folder))).toMatchObject({ code: 'store.keys-wrong', message: expect.stringContaining('does not belong') as string });
	});

	it.each(['wrapping', 'lookup', 'mac', 'ledger'])('in which only the %s key is another one is refused too', async (name) => {
		const [folder, other] = [await usedStore(), await usedStore()];
		writeFileSync(keysIn(folder), JSON.stringify({ ...keysOf(folder), [name]: keysOf(other)[name] }));
		expect(await refusal(reopen(folder))).toMatchObject({ code: 'store.keys-wrong' });
	});

	it('that is damaged in any way is refused without a byte of it in the words', async () => {
		const folder = await usedStore();
		const whole = readFileSync(keysIn(folder), 'utf8');
		const keys = keysOf(folder);
		const damaged = [
			'',
			whole.slice(0, -20),
			whole.replace('"mac"', '"mack"'),
			whole.replace('"version": 1', '"version": 2'),
			`${whole}x`,
			'[]',
			'null',
			JSON.stringify({ ...keys, lookup: String(keys.lookup).slice(4) }),
			JSON.stringify({ ...keys, more: keys.mac }),
			`\u0000${whole}`,
		];
		for (const text of damaged) {
			writeFileSync(keysIn(folder), text);
			const thrown = await refusal(reopen(folder));
			expect(thrown).toMatchObject({ code: 'store.keys-wrong' });
			const words = inspect(thrown, { depth: 9 });
			for (const [name, secret] of Object.entries(keys)) {
				if (name === 'version') continue;
				for (let at = 0; at + 8 <= String(secret).length; at++) expect(words).not.toContain(String(secret).slice(at, at + 8));
			}
		}
		expect(byHand(folder, (database) => database.prepare('SELECT count(*) AS n FROM area').get())?.n).toBe(1);
	});

	it('that is a folder is refused in words', async () => {
		const folder = await usedStore();
		unlinkSync(keysIn(folder));
		mkdirSync(keysIn(folder), { mode: 0o700 });
		expect(await refusal(reopen(folder))).toMatchObject({ code: 'store.keys-wrong' });
	});
});
