import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ReadStream } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MediaStore, type StoredMedia } from '../../../apps/sandbox/cloudApi/media/mediaStore';
import { startSandbox } from '../../../apps/sandbox/sandbox';
import { SeededRandom } from '../../../apps/sandbox/seededRandom';
import { admin } from './callSandbox';

const day = 24 * 60 * 60 * 1000;

let now = 0;
let store: MediaStore;
beforeEach(() => {
	now = 0;
	store = new MediaStore(new SeededRandom(1), () => now, 100);
});
afterEach(() => store.stop());

function add(from: 'business' | 'resident', bytes: number): StoredMedia {
	return store.add({ numberId: '1', mime: 'image/jpeg', from }, Buffer.alloc(bytes));
}

/** Where the files are; there is one already. */
async function folder(): Promise<string> {
	const stream = store.read(add('business', 1).id) as ReadStream;
	await once(stream, 'open');
	stream.destroy();
	await once(stream, 'close');
	return dirname(String(stream.path));
}

describe('the store of media', () => {
	it('is full with what it may hold, and no longer once enough of it is deleted', () => {
		const { id } = add('business', 60);
		expect(store.full).toBe(false);
		add('business', 40);
		expect(store.full).toBe(true);
		store.delete(id);
		expect(store.full).toBe(false);
	});

	it('does not count what has expired, nor keep it on the disk', async () => {
		const place = await folder();
		add('resident', 50);
		add('business', 50);
		const theirs = readdirSync(place).length;
		expect(store.full).toBe(true);
		now = 7 * day + 1;
		expect(store.full).toBe(false);
		expect(readdirSync(place)).toHaveLength(theirs - 1);
		add('business', 60);
		expect(store.full).toBe(true);
		now = 30 * day + 1;
		expect(store.full).toBe(false);
		expect(readdirSync(place)).toHaveLength(1);
	});

	it('is empty again after a reset and after its stop', async () => {
		const place = await folder();
		add('business', 100);
		store.clear();
		expect(store.full).toBe(false);
		add('business', 100);
		store.stop();
		expect([store.full, existsSync(place)]).toEqual([false, false]);
	});
});

it('a resident sends nothing that the disk has no room for', async () => {
	const sandbox = await startSandbox({ seed: 1 });
	Object.defineProperty(sandbox.media, 'full', { get: () => true });
	const { status, body } = await admin(sandbox, 'POST', 'inbound', { from: '+447700900123', media: { kind: 'image' } });
	const sample = await admin(sandbox, 'POST', 'phones/+447700900123', { act: 'sendSample', sample: 'picture' });
	await sandbox.stop();
	expect([status, body.message, sample.status]).toEqual([400, expect.stringContaining('no more media'), 400]);
});
