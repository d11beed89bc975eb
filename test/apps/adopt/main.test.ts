import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildSync } from 'esbuild';
import { registerChannel } from '../../../core/channel/registerChannel';
import { parseChannelSettings } from '../../../core/channel/parseSettings';
import { readEntries } from '../../../core/ledger/readEntries';
import { verifyStore } from '../../../core/ledger/verifyStore';
import { channelFields } from '../../council/council';
import { byHand, dropTriggers, openEngine, scratchFolder } from '../../core/store/scratch';

const root = join(__dirname, '..', '..', '..');
const channelId = '106540352242922';

let build: string;
let program: string;
beforeAll(() => {
	build = mkdtempSync(join(tmpdir(), 'civic-adopt-'));
	program = join(build, 'main.js');
	buildSync({ absWorkingDir: root, entryPoints: ['apps/adopt/main.ts'], outfile: program, bundle: true, format: 'cjs', platform: 'node', target: 'node24', logLevel: 'error' });
});
afterAll(() => rmSync(build, { recursive: true, force: true }));

interface Ended {
	code: number | null;
	out: string;
	words: string;
}

/** Runs the program as IT does, with n8n's folder at a place of the test. */
function adopt(options: string[], env: Record<string, string> = {}): Promise<Ended> {
	const child = spawn(process.execPath, [program, ...options], { env: { PATH: process.env.PATH ?? '', HOME: build, ...env } });
	let [out, words] = ['', ''];
	child.stdout.on('data', (text: Buffer) => (out += text.toString()));
	child.stderr.on('data', (text: Buffer) => (words += text.toString()));
	return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, words })));
}

const adoptions = async (folder: string) => {
	const store = await openEngine(folder);
	const entries = await store.execute(readEntries, { act: 'channel.adopt', resourceId: null, before: null, limit: 10, withDetails: true });
	const { ok } = await store.execute(verifyStore, { earlier: [] });
	await store.close();
	return { ok, by: entries.map(({ details }) => details?.operator) };
};

describe('the command that binds a store to a live channel', () => {
	let home: string;
	let folder: string;

	/** A store in n8n's own folder that knows one live channel. */
	beforeEach(async () => {
		home = scratchFolder();
		folder = join(home, '.n8n', 'civic-comms');
		const store = await openEngine(folder);
		const sandbox = { api: 'http://127.0.0.1:9', token: 'EAAtoken', appSecret: '0123456789abcdef0123456789abcdef', verifyToken: 'verify-me', phoneNumberId: channelId, businessAccountId: '102290129340398' };
		await store.execute(registerChannel, parseChannelSettings(channelFields(sandbox)));
		await store.close();
	});

	it('shows what the store holds and changes nothing until a channel is named', async () => {
		const { code, out, words } = await adopt([], { N8N_USER_FOLDER: home });
		expect({ code, words }).toEqual({ code: 0, words: '' });
		expect(out).toContain(folder);
		expect(out).toContain('0 contacts, 0 opt-outs, 2 ledger entries');
		expect(out).toContain(`${channelId}  Aldersea alerts, live, not bound`);
		expect(out).toContain('verified, 2 entries');
		expect(out).toMatch(/Key +civic-comms\/store\/[0-9a-f-]{36}\+[0-9a-f]{8}\+\S{44}/);
		expect(out).toContain('Nothing was changed');
		expect(out + words).not.toContain('EAAtoken');
		expect(await adoptions(folder)).toEqual({ ok: true, by: [] });
	});

	it('binds once, says who did it, and says so again when it is run again', async () => {
		const first = await adopt(['--channel', channelId, '--by', 'Jo Hale', '--folder', folder]);
		expect(first).toMatchObject({ code: 0, words: '' });
		expect(first.out).toContain(`Channel ${channelId} is bound to this store now`);
		const again = await adopt(['--channel', channelId, '--by', 'Somebody Else', '--folder', folder]);
		expect(again).toMatchObject({ code: 0, words: '' });
		expect(again.out).toContain('was bound to this store before');
		expect(again.out).toContain('live, bound 20');
		expect(await adoptions(folder)).toEqual({ ok: true, by: ['Jo Hale'] });
	});

	it('names the user of the machine unless told otherwise, and nobody at all is not enough', async () => {
		expect(await adopt(['--channel', channelId, '--by', ' ', '--folder', folder])).toMatchObject({ code: 1, words: expect.stringContaining('--by') as string });
		expect(await adopt(['--channel', channelId, '--folder', folder])).toMatchObject({ code: 0 });
		expect(await adoptions(folder)).toEqual({ ok: true, by: [userInfo().username] });
	});

	it('works while n8n has the store open', async () => {
		const store = await openEngine(folder);
		expect(await adopt(['--channel', channelId, '--by', 'Jo Hale', '--folder', folder])).toMatchObject({ code: 0 });
		expect((await store.execute(verifyStore, { earlier: [] })).findings).toEqual([]);
	});

	it('refuses a store whose ledger does not verify, and says what is wrong with it', async () => {
		byHand(folder, (database) => {
			dropTriggers(database);
			database.exec("UPDATE ledger_entry SET leaf = CAST(replace(CAST(leaf AS TEXT), '\"ok\"', '\"held\"') AS BLOB) WHERE idx = 0");
		});
		const { code, out, words } = await adopt(['--channel', channelId, '--by', 'Jo Hale', '--folder', folder]);
		expect(code).toBe(1);
		expect(out).toContain('DOES NOT VERIFY');
		expect(words).toContain('ROOT_MISMATCH');
		expect(words).toContain('Restore the newest backup');
		expect(byHand(folder, (database) => database.prepare('SELECT adopted_at FROM channel').get())).toMatchObject({ adopted_at: null });
	});

	it('refuses a channel row that was edited by hand', async () => {
		byHand(folder, (database) => database.exec('UPDATE channel SET adopted_at = 1'));
		expect(await adopt(['--folder', folder])).toMatchObject({ code: 1, words: expect.stringContaining('does not match its seal') as string });
	});

	it('knows only channels that the store knows', async () => {
		expect(await adopt(['--channel', '123', '--by', 'Jo Hale', '--folder', folder])).toMatchObject({ code: 1, words: expect.stringContaining('no channel 123') as string });
	});

	it('makes no store where there is none', async () => {
		const elsewhere = join(scratchFolder(), 'mistyped');
		expect(await adopt(['--folder', elsewhere])).toMatchObject({ code: 1, words: expect.stringContaining(`no store in ${elsewhere}`) as string });
		expect(existsSync(elsewhere)).toBe(false);
	});

	it('says how it is used, also to somebody who mistypes an option', async () => {
		expect(await adopt(['--help'])).toMatchObject({ code: 0, out: expect.stringContaining('--channel ID') as string });
		const { code, words } = await adopt(['--chanel', channelId]);
		expect(code).toBe(1);
		expect(words).toContain('--channel ID');
		expect(words).not.toContain('    at ');
	});

	it('does not serve queue mode', async () => {
		expect(await adopt(['--folder', folder], { EXECUTIONS_MODE: 'queue' })).toMatchObject({ code: 1, words: expect.stringContaining('queue mode') as string });
	});
});
