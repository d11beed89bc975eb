import { describe, expect, it } from 'vitest';
import { CivicError } from '../../../core/errors';
import { deleteMedia, uploadOnce } from '../../../core/message/mediaUpload';
import type { CloudApi } from '../../../core/whatsapp/cloudApi';
import { temporaryStore, type TemporaryStore } from '../audience/temporaryStore';

const day = 24 * 3_600_000;
const file = { bytes: Buffer.from('Collection days in Aldersea'), mimeType: 'text/plain', filename: 'days.txt' };

/** Meta as far as it keeps files. */
function atMeta() {
	const uploads: string[] = [];
	const deleted: string[] = [];
	const api = {
		uploadMedia: () => {
			uploads.push(String(1000 + uploads.length));
			return Promise.resolve({ id: uploads.at(-1) ?? '' });
		},
		deleteMedia: (id: string) => {
			if (deleted.includes(id)) return Promise.reject(new CivicError('media.unknown', 'The file is not there any more.', 'Upload it again.'));
			deleted.push(id);
			return Promise.resolve();
		},
	} as unknown as CloudApi;
	return { uploads, deleted, api };
}

const bind = ({ store }: TemporaryStore, api: CloudApi, channelId = '1') => ({ store, api, channelId });

describe('a file', () => {
	it('is uploaded once for 30 days, and again once Meta keeps it no longer', async () => {
		const temporary = await temporaryStore();
		const { uploads, api } = atMeta();
		const start = temporary.clock.at;
		const at = async (ms: number) => {
			temporary.clock.at = start + ms;
			return uploadOnce(bind(temporary, api), file);
		};
		expect(await at(0)).toEqual({ mediaId: '1000', reused: false, expiresAt: new Date(start + 30 * day).toISOString() });
		expect(await at(29 * day)).toEqual({ mediaId: '1000', reused: true, expiresAt: new Date(start + 30 * day).toISOString() });
		// In the last hour the id could run out on the way.
		expect(await at(30 * day - 3_600_000)).toMatchObject({ mediaId: '1001', reused: false });
		expect(await at(31 * day)).toMatchObject({ mediaId: '1001', reused: true });
		expect(uploads).toHaveLength(2);
	});

	it('is known by its bytes and type, whatever it is called, and once for each channel', async () => {
		const temporary = await temporaryStore();
		const { api } = atMeta();
		const upload = (changes: Partial<typeof file>, channelId = '1') => uploadOnce(bind(temporary, api, channelId), { ...file, ...changes });
		expect(await upload({})).toMatchObject({ reused: false });
		expect(await upload({ filename: 'other.txt', mimeType: 'TEXT/plain; charset=utf-8' })).toMatchObject({ mediaId: '1000', reused: true });
		expect(await upload({ bytes: Buffer.from('Collection days in Aldersea.') })).toMatchObject({ reused: false });
		expect(await upload({ mimeType: 'application/pdf' })).toMatchObject({ reused: false });
		expect(await upload({}, '2')).toMatchObject({ reused: false });
	});

	it('that was deleted, here or elsewhere, is not handed out again', async () => {
		const temporary = await temporaryStore();
		const { deleted, api } = atMeta();
		const meta = bind(temporary, api);
		await uploadOnce(meta, file);
		await deleteMedia(meta, '1000');
		expect(await uploadOnce(meta, file)).toMatchObject({ mediaId: '1001', reused: false });
		deleted.push('1001');
		await expect(deleteMedia(meta, '1001')).rejects.toMatchObject({ code: 'media.unknown' });
		expect(await uploadOnce(meta, file)).toMatchObject({ mediaId: '1002', reused: false });
	});

	it('is entered without its content or a digest that could be guessed', async () => {
		const temporary = await temporaryStore();
		await uploadOnce(bind(temporary, atMeta().api), file);
		const [entry] = await temporary.rows<{ leaf: Buffer }>("SELECT leaf FROM ledger_entry JOIN ledger_index USING (idx) WHERE act = 'media.upload'");
		const leaf = JSON.parse(entry?.leaf.toString('utf8') ?? '') as { n: object; sd: object };
		expect(leaf.n).toEqual({ bytes: file.bytes.length });
		expect(Object.keys(leaf.sd).sort()).toEqual(['mimeType', 'sha256']);
		expect(await temporary.databaseBytes()).not.toContain('Collection days');
	});
});
