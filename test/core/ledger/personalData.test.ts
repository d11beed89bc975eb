import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { optOutByPhone } from '../../../core/audience/optOutByPhone';
import { appendNote } from '../../../core/ledger/appendNote';
import { parseLeaf } from '../../../core/ledger/leaf';
import { post, startCouncil, type Council } from '../../council/council';
import { askFor, decideOn, draftGritting, linksOn, send } from '../../council/steps';
import { ask } from '../store/scratch';

/** What must be found nowhere: every person's number in every usual spelling, their names and addresses, what they wrote, and secrets. */
function personal(council: Council): string[] {
	const residents = Array.from({ length: 30 }, (_, i) => `Resident ${i + 1}`);
	const people = ['Morgan Ellis', 'Priya Raman', 'Sam Okafor', 'morgan.ellis', 'priya.raman', 'sam.okafor', '@aldersea.example'];
	const words = ['wamid', 'Is route 2 done', 'Rang from a call box', 'Spoke to the caller', 'Road is icy'];
	const { accessToken, appSecrets, verifyToken } = council.settings;
	return ['7700900', '7700 900', '7700-900', ...residents, ...people, ...words, accessToken, ...appSecrets, verifyToken];
}

function found(text: string, wanted: string[]): string[] {
	const lower = text.toLowerCase();
	return wanted.filter((piece) => lower.includes(piece.toLowerCase()));
}

/** The same in base64, at each of the three places a byte can have in a group. */
function inBase64(piece: string): string[] {
	return [0, 1, 2].map((shift) => {
		const encoded = Buffer.from('\0'.repeat(shift) + piece).toString('base64');
		return encoded.slice(shift === 0 ? 0 : shift + 1, -4);
	});
}

describe('after a whole journey', () => {
	let council: Council;

	beforeAll(async () => {
		council = await startCouncil({ residents: 30 });
		const draft = await draftGritting(council);
		await askFor(council, draft.id);
		await decideOn(linksOn(council, '+447700900901')[0] ?? '', 'approve', 'Road is icy');
		await send(council, draft.id);
		for (const [from, text] of [['+447700900001', 'Is route 2 done?'], ['+447700900002', 'STOP'], ['+447700900888', 'stop']]) await post(`${council.sandbox.admin}/inbound`, { from, name: 'Resident 2', text });
		await council.store.execute(optOutByPhone, { phone: '07700 900003', reason: 'Rang from a call box', enteredBy: 'Sam Okafor' });
		await council.store.execute(appendNote, { subject: 'complaint', text: 'Spoke to the caller', by: 'Sam Okafor' });
		await council.sandbox.idle();
	});
	afterAll(() => council.stop());

	it('no leaf of the ledger holds a number, a name, an address, a message id or a word somebody wrote', async () => {
		const leaves = await ask(council.store, async ({ sql }) => (await sql.all<{ leaf: Buffer }>('SELECT leaf FROM ledger_entry')).map(({ leaf }) => leaf.toString('utf8')));
		expect(new Set(leaves.map((leaf) => parseLeaf(Buffer.from(leaf)).act)).size).toBeGreaterThan(12);
		const wanted = personal(council);
		for (const leaf of leaves) {
			expect([leaf, found(leaf, wanted)]).toEqual([leaf, []]);
			expect(leaf).not.toMatch(/(?<![0-9a-f-])(?:\+|00)?44\d{7,}|(?<![0-9a-f-])07\d{9}/);
		}
		const numbers = Array.from({ length: 30 }, (_, i) => `4477009000${String(i).padStart(2, '0')}`);
		for (const piece of numbers.flatMap(inBase64)) expect(leaves.filter((leaf) => leaf.includes(piece))).toEqual([]);
	});

	it('no file of the store holds one in clear, log and index included', async () => {
		const names = readdirSync(council.folder).filter((name) => name !== 'keys.json');
		expect(names.sort()).toEqual(['civic-comms.sqlite', 'civic-comms.sqlite-shm', 'civic-comms.sqlite-wal']);
		const wanted = personal(council);
		// So that the search itself is seen to find what is there in clear on purpose.
		const all = names.map((name) => readFileSync(join(council.folder, name), 'latin1')).join('\n');
		expect(found(all, ['gritting_notice'])).toEqual(['gritting_notice']);
		for (const name of names) {
			const text = readFileSync(join(council.folder, name), 'latin1');
			expect([name, found(text, wanted)]).toEqual([name, []]);
		}
	});
});
