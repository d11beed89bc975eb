import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { readReport } from '../../core/dispatch/report';
import { sendDirectTemplate } from '../../core/dispatch/direct';
import { sendStaffNotice } from '../../core/message/staffNotice';
import { post, startCouncil, type Council } from './council';
import { quickKnobs } from './quickSandbox';
import { askFor, draftGritting, linksOn, send } from './steps';
import { sign } from './signed';
import { rulesFingerprint } from './tables';

const hour = 3_600_000;
const picture = { type: 'HEADER', format: 'IMAGE', example: { header_handle: ['4::a'] } };
const jpeg = (fill: number): Buffer => Buffer.concat([Buffer.from('ffd8ffe000104a464946', 'hex'), Buffer.alloc(600, fill), Buffer.from('ffd9', 'hex')]);

describe('a message of a family of its own, from draft to phone', () => {
	let council: Council;
	beforeEach(async () => {
		council = await startCouncil({ sandbox: { knobs: quickKnobs } });
		await post(`${council.sandbox.admin}/templates`, {
			name: 'parks',
			category: 'MARKETING',
			components: [
				{ type: 'BODY', text: 'Come to our parks this summer.' },
				{
					type: 'CAROUSEL',
					cards: ['Harbour', 'Mere'].map((park) => ({
						components: [picture, { type: 'BODY', text: `${park} Park has {{what}} on Sunday.`, example: { body_text_named_params: [{ param_name: 'what', example: 'a band' }] } }, { type: 'BUTTONS', buttons: [{ type: 'QUICK_REPLY', text: 'I will come' }] }],
					})),
				},
			],
		});
		await post(`${council.sandbox.admin}/templates`, {
			name: 'swim',
			category: 'MARKETING',
			components: [
				{ type: 'LIMITED_TIME_OFFER', limited_time_offer: { text: 'Half price!', has_expiration: true } },
				{ type: 'BODY', text: 'Swim for half the price this week.' },
				{ type: 'BUTTONS', buttons: [{ type: 'COPY_CODE', example: 'SWIM25' }, { type: 'URL', text: 'Book', url: 'https://aldersea.example/swim' }] },
			],
		});
		await post(`${council.sandbox.admin}/templates`, {
			name: 'report',
			components: [{ type: 'BODY', text: 'Tell us where the pothole is.' }, { type: 'BUTTONS', buttons: [{ type: 'FLOW', text: 'Report it', flow_id: '7421' }, { type: 'REQUEST_CONTACT_INFO' }] }],
		});
	});
	afterEach(() => council.stop());

	const upload = async (fill: number): Promise<string> => (await council.api.uploadMedia({ bytes: jpeg(fill), mimeType: 'image/jpeg', filename: 'park.jpg' })).id;
	const parks = async () => ({ template: { name: 'parks', language: 'en_GB' }, parameters: { card_1_header_image: await upload(1), card_1_body_what: 'a band', card_2_header_image: await upload(2), card_2_body_what: 'rowing' } });
	const swim = (endsInMs: number) => ({ template: { name: 'swim', language: 'en_GB' }, parameters: { offer_ends: new Date(council.clock.now() + endsInMs).toISOString(), button_0: 'SWIM26' } });
	async function page(draftId: string): Promise<string> {
		await askFor(council, draftId);
		return (await fetch(linksOn(council, '+447700900901').at(-1) ?? '')).text();
	}
	const phone = () => council.sandbox.residents.find('447700900000')?.thread.at(-1)?.content;

	it('shows every card to the approver with its picture’s fingerprint, and brings every card to residents', async () => {
		const draft = await draftGritting(council, await parks());
		expect(draft.content.variants[0]?.media?.map(({ field }) => field)).toEqual(['card_1_header_image', 'card_2_header_image']);
		const shown = await page(draft.id);
		for (const words of ['2 cards to leaf through', 'Harbour Park has a band on Sunday.', 'Mere Park has rowing on Sunday.', 'I will come']) expect(shown).toContain(words);
		expect(new Set(shown.match(/SHA-256 [0-9a-f]{12}/g)).size).toBe(2);
		await sign(council, draft.id);
		expect(await send(council, draft.id)).toMatchObject({ totals: { notSent: 0, uncertain: 0 } });
		await council.sandbox.idle();
		expect((await council.store.execute(readReport, { id: draft.id })).totals.delivered).toBe(8);
		expect(phone()?.cards?.map(({ body }) => body)).toEqual(['Harbour Park has a band on Sunday.', 'Mere Park has rowing on Sunday.']);
	});

	it('sends no card whose picture is gone', async () => {
		const wish = await parks();
		const draft = await draftGritting(council, wish);
		await sign(council, draft.id);
		await council.api.deleteMedia(wish.parameters.card_2_header_image);
		await expect(send(council, draft.id)).rejects.toMatchObject({ code: 'template.changed', message: expect.stringContaining('card 2') as string });
	});

	it('takes no picture by link on a card either', async () => {
		const wish = await parks();
		await expect(draftGritting(council, { ...wish, parameters: { ...wish.parameters, card_2_header_image: 'https://aldersea.example/a.jpg' } })).rejects.toMatchObject({ code: 'template.parameters', message: expect.stringContaining('Card 2: Image') as string });
	});

	it('shows an offer with its end and its code, and goes out no later than that', async () => {
		const draft = await draftGritting(council, swim(3 * hour));
		expect(Date.parse(draft.content.notAfter) - council.clock.now()).toBe(3 * hour);
		const shown = await page(draft.id);
		for (const words of ['Half price!', 'Offer ends ', 'SWIM26', 'https://aldersea.example/swim']) expect(shown).toContain(words);
		await sign(council, draft.id);
		expect(await send(council, draft.id)).toMatchObject({ totals: { accepted: 8, notSent: 0 } });
		await council.sandbox.idle();
		expect(phone()).toMatchObject({ offer: { text: 'Half price!', endsAt: council.clock.now() + 3 * hour }, buttons: [{ kind: 'copy_code', code: 'SWIM26' }, { kind: 'url' }] });
	});

	it('makes no draft of an offer that is over, or over too soon', async () => {
		await expect(draftGritting(council, swim(-1))).rejects.toMatchObject({ code: 'draft.window', message: expect.stringContaining('offer') as string });
		await expect(draftGritting(council, { ...swim(hour), notAfter: council.clock.now() + 2 * hour })).rejects.toMatchObject({ code: 'draft.window', message: expect.stringContaining('offer') as string });
		await expect(draftGritting(council, { ...swim(hour), notBefore: council.clock.now() + 2 * hour })).rejects.toMatchObject({ code: 'draft.window' });
		await expect(draftGritting(council, swim(20 * hour))).resolves.toMatchObject({ content: { notAfter: new Date(council.clock.now() + 12 * hour).toISOString() } });
	});

	it('tells the approver what a form and a request for the number do', async () => {
		const shown = await page((await draftGritting(council, { template: { name: 'report', language: 'en_GB' }, parameters: {} })).id);
		expect(shown).toMatch(/Report it<\/bdi>\s*<bdi class="desk-bubble__place">opens a form/);
		expect(shown).toMatch(/Share contact info<\/bdi>\s*<bdi class="desk-bubble__place">asks for their phone number/);
	});

	it('is not sent to one person either when it has parts that are not sent from here', async () => {
		const { value: template } = await council.api.getTemplate('swim', 'en_GB');
		const shop = { ...template, name: 'shop', components: [...template.components, { type: 'ORDER_STATUS' }] };
		const api = { ...council.api, getTemplate: async () => Promise.resolve({ value: shop }) };
		const { parameters } = swim(hour);
		const said = { code: 'template.parameters', message: expect.stringContaining('ORDER_STATUS, for payments') as string };
		const sender = { store: council.store, api, channelId: council.settings.id, rulesFingerprint: await rulesFingerprint(council.store, council.settings.id), flow: null };
		await expect(sendDirectTemplate(sender, { to: { by: 'address', value: '+447700900000' }, template: { name: 'shop', language: 'en_GB' }, parameters })).rejects.toMatchObject(said);
		const notice = { channelId: council.settings.id, purpose: 'message' as const, about: null, to: '+447700900901', parameters };
		await expect(sendStaffNotice({ store: council.store, api }, { ...notice, template: shop })).rejects.toMatchObject(said);
		await expect(sendStaffNotice({ store: council.store, api }, { ...notice, template, parameters: swim(-1).parameters })).rejects.toMatchObject({ message: expect.stringContaining('in the past') as string });
		await expect(sendStaffNotice({ store: council.store, api }, { ...notice, template })).resolves.toEqual({ outcome: 'accepted' });
	});
});
