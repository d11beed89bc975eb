import { describe, expect, it } from 'vitest';

import { draftDigest, type DraftContent } from '../../../core/message/draftContent';
import { pinMedia, requireSameMedia } from '../../../core/message/draftMedia';
import { headerInWords } from '../../../core/message/headerInWords';
import { renderTemplate } from '../../../core/whatsapp/templateRendering';
import type { ServerAnswer } from '../whatsapp/localServer';
import { gritting, grittingValues, withHeader } from '../whatsapp/sampleTemplates';
import { localChannel, refusal } from '../whatsapp/sending';

const sha256 = 'ab'.repeat(32);
const details = { messaging_product: 'whatsapp', id: '17', url: 'https://lookaside.fbsbx.com/whatsapp?mid=17', mime_type: 'image/jpeg', sha256, file_size: 303833 };
const template = withHeader('IMAGE');
const values = { header_image: '17', body_1: 'Alder' };
const pinned = { field: 'header_image', kind: 'image' as const, mimeType: 'image/jpeg', sha256, sizeBytes: 303833 };

async function api(answer: ServerAnswer) {
	return (await localChannel(() => answer)).api;
}

describe('a file in a draft', () => {
	it('is fixed by the hash that Meta has of it', async () => {
		expect(await pinMedia(await api({ body: details }), template, values)).toEqual([pinned]);
	});

	it('is none where the header holds words, and nothing is asked', async () => {
		const { api: asked, seen } = await localChannel(() => ({ body: details }));
		expect(await pinMedia(asked, gritting, grittingValues)).toEqual([]);
		expect(seen).toEqual([]);
	});

	it.each<[string, ServerAnswer, Record<string, string>, string]>([
		['a link', { body: details }, { header_image: 'https://aldersea.example/flood.jpg' }, 'template.parameters'],
		['an id that Meta does not know', { status: 400, body: refusal(100, { error_subcode: 33 }) }, {}, 'media.unknown'],
		['a file of another kind', { body: { ...details, mime_type: 'application/pdf' } }, {}, 'media.unusable'],
		['a file that is too large', { body: { ...details, file_size: 5 * 1024 * 1024 + 1 } }, {}, 'media.unusable'],
		['a file whose content Meta does not tell', { body: { ...details, sha256: undefined } }, {}, 'media.unusable'],
	])('is refused when it is %s', async (_, answer, change, code) => {
		await expect(pinMedia(await api(answer), template, { ...values, ...change })).rejects.toMatchObject({ code, hint: expect.stringMatching(/\.$/) });
	});

	it('is covered by the digest', () => {
		const content = (hash: string) =>
			({ v: 1, variants: [{ contentLanguage: 'en', template: 'flood_image', templateLanguage: 'en_GB', templateContent: {}, parameters: values, media: [{ ...pinned, sha256: hash }] }] }) as unknown as DraftContent;
		expect(draftDigest(content(sha256))).not.toBe(draftDigest(content('cd'.repeat(32))));
	});

	it('is told from another by its hash in the words of the draft', () => {
		expect(headerInWords(renderTemplate(template, values), pinned)).toBe('[Picture: image/jpeg, 0.29 MB, SHA-256 abababababab…]');
	});

	it('may be a place, which is told in words', () => {
		const place = { header_latitude: '53.2837', header_longitude: '-3.83', header_place_name: 'Alder Bridge', body_1: 'Alder' };
		expect(headerInWords(renderTemplate(withHeader('LOCATION'), place))).toBe('[Map: Alder Bridge, 53.2837, -3.83]');
	});
});

describe('the file of a signed draft', () => {
	const variant = { template: 'flood_image', parameters: values, media: [pinned] };

	it('may leave when Meta still has it', async () => {
		await expect(requireSameMedia(await api({ body: details }), variant)).resolves.toBeUndefined();
	});

	it('is not looked for where there is none', async () => {
		const { api: asked, seen } = await localChannel(() => ({ body: details }));
		await requireSameMedia(asked, { template: 'gritting_notice', parameters: grittingValues });
		expect(seen).toEqual([]);
	});

	it.each<[string, ServerAnswer, string]>([
		['is another one', { body: { ...details, sha256: 'cd'.repeat(32) } }, 'template.changed'],
		['has no hash any more', { body: { ...details, sha256: undefined } }, 'template.changed'],
		['was deleted or has expired', { status: 400, body: refusal(100, { error_subcode: 33 }) }, 'template.changed'],
		['cannot be asked for', { status: 503, body: 'busy' }, 'whatsapp.unreachable'],
	])('stops the send when it %s', async (_, answer, code) => {
		await expect(requireSameMedia(await api(answer), variant)).rejects.toMatchObject({ code });
	});
});
