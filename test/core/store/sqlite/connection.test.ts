import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { schemaVersion } from '../../../../core/store/migrations';
import { applicationId } from '../../../../core/store/sqlite/connection';
import { SqliteEngine } from '../../../../core/store/sqlite/engine';
import { systemClock, systemRandom } from '../../../../core/world';
import { addArea, areas, ask, byHand, change, databaseIn, keysIn, openEngine, refusal, scratchFolder } from '../scratch';

const open = (folder: string) => SqliteEngine.open({ folder, clock: systemClock, random: systemRandom });

const setting = async (store: SqliteEngine, name: string): Promise<unknown> =>
	Object.values((await ask(store, ({ sql }) => sql.all<Record<string, unknown>>(`PRAGMA ${name}`)))[0] ?? {})[0];

describe('a connection', () => {
	it('has in force what durability and erasure rest on', async () => {
		const store = await openEngine(scratchFolder());
		expect(await setting(store, 'journal_mode')).toBe('wal');
		expect(await setting(store, 'synchronous')).toBe(2);
		expect(await setting(store, 'secure_delete')).toBe(1);
		expect(await setting(store, 'foreign_keys')).toBe(1);
		expect(await setting(store, 'trusted_schema')).toBe(0);
		expect(await setting(store, 'busy_timeout')).toBe(10_000);
		expect(await setting(store, 'application_id')).toBe(applicationId);
		expect(await setting(store, 'user_version')).toBe(schemaVersion);
	});

	it('has it in force again after a restart', async () => {
		const folder = scratchFolder();
		await (await openEngine(folder)).close();
		const store = await openEngine(folder);
		expect([await setting(store, 'synchronous'), await setting(store, 'secure_delete'), await setting(store, 'foreign_keys')]).toEqual([2, 1, 1]);
	});

	it('refuses a row that points at nothing, and a value of the wrong type', async () => {
		const store = await openEngine(scratchFolder());
		expect((await refusal(change(store, ({ sql }) => sql.run("INSERT INTO contact_area (contact_id, area) VALUES ('nobody', 'nowhere')")))).message).toContain('FOREIGN KEY');
		expect((await refusal(change(store, ({ sql }) => sql.run("INSERT INTO area (code, name, kind) VALUES ('a', 'a', x'00')")))).message).toContain('cannot store BLOB value in TEXT column');
	});

	it('overwrites what is deleted: nothing of it is left in any file once the log is folded in', async () => {
		const folder = scratchFolder();
		const store = await openEngine(folder);
		const wanted = 'wrapped-key-of-somebody-erased';
		await change(store, ({ sql }) => sql.run('INSERT INTO subject_key (subject, wrapped) VALUES (?, ?)', 'contact-1', Buffer.from(wanted.repeat(40))));
		const inFiles = () => readdirSync(folder).filter((name) => readFileSync(`${folder}/${name}`, 'latin1').includes(wanted));
		expect(inFiles()).not.toEqual([]);
		await change(store, ({ sql }) => sql.run('DELETE FROM subject_key'));
		byHand(folder, (database) => expect(database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.busy).toBe(0));
		expect(inFiles()).toEqual([]);
	});
});

describe('the schema', () => {
	it('is made from nothing, every table STRICT, and marks the file from its first byte on', async () => {
		const folder = scratchFolder();
		const store = await openEngine(folder);
		const tables = await ask(store, ({ sql }) => sql.all<{ name: string; strict: number }>("SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%'"));
		expect(tables.length).toBeGreaterThan(25);
		expect(tables.filter(({ strict }) => strict !== 1)).toEqual([]);
		// The write-ahead log has not been folded in yet, and the file already says whose it is (offset 68 of the SQLite header).
		expect(readFileSync(databaseIn(folder)).readUInt32BE(68)).toBe(applicationId);
	});

	it('is left alone when it is up to date, even while another process writes', async () => {
		const folder = scratchFolder();
		await (await openEngine(folder)).close();
		await byHand(folder, async (database) => {
			database.exec('BEGIN IMMEDIATE');
			const store = await openEngine(folder);
			expect(await areas(store)).toEqual([]);
			database.exec('ROLLBACK');
		});
	});

	it('of a newer version is refused at the start, and nothing in it is touched', async () => {
		const folder = scratchFolder();
		await (await openEngine(folder)).close();
		byHand(folder, (database) => database.exec(`PRAGMA user_version = ${schemaVersion + 1}`));
		const before = readFileSync(databaseIn(folder));
		expect(await refusal(open(folder))).toMatchObject({
			code: 'store.newer',
			message: expect.stringContaining(`schema ${schemaVersion + 1}`) as string,
			hint: expect.stringContaining('Update the package') as string,
		});
		expect(readFileSync(databaseIn(folder)).equals(before)).toBe(true);
	});

	it('that became newer under a running engine is neither written nor read any more', async () => {
		const folder = scratchFolder();
		const store = await openEngine(folder);
		await change(store, (context) => addArea(context, 'before'));
		byHand(folder, (database) => database.exec(`PRAGMA user_version = ${schemaVersion + 1}`));
		expect(await refusal(change(store, (context) => addArea(context, 'after')))).toMatchObject({ code: 'store.newer' });
		expect(await refusal(areas(store))).toMatchObject({ code: 'store.newer' });
		expect(byHand(folder, (database) => database.prepare('SELECT code FROM area').all())).toEqual([{ code: 'before' }]);
	});

	it('that became older under a running engine is not guessed at', async () => {
		const folder = scratchFolder();
		const store = await openEngine(folder);
		byHand(folder, (database) => database.exec(`PRAGMA user_version = ${schemaVersion - 1}`));
		expect(await refusal(areas(store))).toMatchObject({ code: 'store.unreachable', hint: expect.stringContaining('Restart n8n') as string });
	});
});

describe('a file that is not ours', () => {
	const digest = (folder: string) => readdirSync(folder).sort().map((name) => [name, createHash('sha256').update(readFileSync(`${folder}/${name}`)).digest('hex')]);

	function foreign(make: (path: string) => void): string {
		const folder = scratchFolder();
		mkdirSync(folder, { recursive: true });
		make(databaseIn(folder));
		return folder;
	}

	const database = (...statements: string[]) => (path: string) => {
		const made = new DatabaseSync(path);
		for (const statement of statements) made.exec(statement);
		made.close();
	};

	it.each([
		['a database of another program', database('CREATE TABLE t (x)')],
		['a database with another mark', database('PRAGMA application_id = 7', 'CREATE TABLE t (x)')],
		['an empty database of somebody', database('VACUUM', 'PRAGMA user_version = 3')],
		['a text', (path: string) => writeFileSync(path, 'These are the minutes of the meeting.\n'.repeat(50))],
		['one byte', (path: string) => writeFileSync(path, 'x')],
	])('is refused and left byte for byte as it was: %s', async (_, make) => {
		const folder = foreign(make);
		const before = digest(folder);
		expect(await refusal(open(folder))).toMatchObject({ code: 'store.foreign', hint: expect.stringContaining('another folder') as string });
		expect(digest(folder)).toEqual(before);
		expect(existsSync(keysIn(folder))).toBe(false);
	});

	it('is left alone with its unfinished write-ahead log', async () => {
		const folder = foreign(() => undefined);
		const theirs = new DatabaseSync(databaseIn(folder));
		theirs.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (x); INSERT INTO t VALUES (1)');
		const wal = () => readFileSync(`${databaseIn(folder)}-wal`);
		const [file, log] = [readFileSync(databaseIn(folder)), wal()];
		expect(await refusal(open(folder))).toMatchObject({ code: 'store.foreign' });
		expect([readFileSync(databaseIn(folder)).equals(file), wal().equals(log)]).toEqual([true, true]);
		theirs.close();
	});

	it('that is empty becomes the store', async () => {
		const folder = foreign((path) => writeFileSync(path, ''));
		expect(await areas(await openEngine(folder))).toEqual([]);
	});
});
