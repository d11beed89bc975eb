import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../../apps/sandbox/sandbox';
import { graph, send, type Reply } from './callSandbox';
import { act, phoneOf, written } from './phones';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox({ seed: 1, knobs: { throughputPerSecond: 10_000, throughputBurst: 10_000, pairLimit: 'off', templateReviewMs: 0 } });
});
beforeEach(() => sandbox.reset());
afterAll(() => sandbox.stop());

const phone = '+447700900123';
type Part = Record<string, unknown>;

const picture = (format = 'IMAGE'): Part => ({ type: 'HEADER', format, example: { header_handle: ['4::a'] } });
const text = (words = 'Come and see us this week.'): Part => ({ type: 'BODY', text: words });
const link: Part = { type: 'URL', text: 'See more', url: 'https://aldersea.example/{{1}}', example: ['https://aldersea.example/mere'] };
const book: Part = { type: 'URL', text: 'Book', url: 'https://aldersea.example/swim' };
const answer: Part = { type: 'QUICK_REPLY', text: 'I will come' };
const code: Part = { type: 'COPY_CODE', example: 'SWIM26' };
const buttons = (...list: Part[]): Part => ({ type: 'BUTTONS', buttons: list });
const words: Part = { type: 'BODY', text: 'A band plays on {{1}} at two.', example: { body_text: [['Sunday']] } };
const cardOf = (...components: Part[]): Part => ({ components });
const card = cardOf(picture(), words, buttons(link, answer));
const carousel = (...cards: Part[]): Part[] => [text(), { type: 'CAROUSEL', cards }];
const offerOf = (limited_time_offer: Part): Part => ({ type: 'LIMITED_TIME_OFFER', limited_time_offer });
const offer = offerOf({ text: 'Half price!', has_expiration: true });

const create = (components: Part[], more: Part = {}): Promise<Reply> =>
	graph(sandbox, 'POST', `v25.0/${sandbox.businessAccountId}/message_templates`, { name: 'made_up', language: 'en_GB', category: 'MARKETING', components, ...more });

async function made(components: Part[], more: Part = {}): Promise<void> {
	expect((await create(components, more)).body).toMatchObject({ status: 'PENDING' });
	await sandbox.idle();
}

const sent = (...components: unknown[]): Promise<Reply> => send(sandbox, { to: phone, type: 'template', template: { name: 'made_up', language: { code: 'en_GB' }, components } });

async function shown(): Promise<unknown> {
	await sandbox.idle();
	return sandbox.residents.find(phone.slice(1))?.thread.at(-1)?.content;
}

function expectRefusal({ status, body }: Reply, code: number, details: RegExp): void {
	expect([status, body.error?.code]).toEqual([400, code]);
	expect(body.error?.error_data?.details).toMatch(details);
	expect(sandbox.accepted.total).toBe(0);
}

describe('a created template', () => {
	it.each<[string, Part[], Part]>([
		['a carousel', carousel(card, card), {}],
		['ten cards', carousel(...Array.from({ length: 10 }, () => card)), {}],
		['cards of films alone', carousel(cardOf(picture('video')), cardOf(picture('VIDEO'))), {}],
		['an offer', [picture(), offer, text(), buttons(code, book)], {}],
		['an offer without an end', [offerOf({ text: 'x'.repeat(16) }), text('x'.repeat(600)), buttons(book)], {}],
		['a form', [text(), buttons({ type: 'FLOW', text: 'Report', flow_id: '7421', flow_action: 'navigate', navigate_screen: 'PLACE' })], { category: 'UTILITY' }],
		['a form by its name', [text(), buttons({ type: 'FLOW', text: 'Report', flow_name: 'pothole' })], {}],
		['a request for the number', [text(), buttons({ type: 'REQUEST_CONTACT_INFO', text: 'Share Contact Info' })], { category: 'UTILITY' }],
	])('may have %s', async (_what, components, more) => {
		await made(components, more);
		expect(sandbox.templates.find('made_up', 'en_GB')?.status).toBe('APPROVED');
	});

	it.each<[string, Part[], Part]>([
		['a carousel for information', carousel(card, card), { category: 'UTILITY' }],
		['one card', carousel(card), {}],
		['eleven cards', carousel(...Array.from({ length: 11 }, () => card)), {}],
		['no list of cards', [text(), { type: 'CAROUSEL', cards: 7 }], {}],
		['a card that is a text', [text(), { type: 'CAROUSEL', cards: ['a', 'b'] }], {}],
		['a card without a header', carousel(cardOf(words), cardOf(words)), {}],
		['a card with a text for header', carousel(cardOf({ type: 'HEADER', format: 'TEXT', text: 'A' }), cardOf({ type: 'HEADER', format: 'TEXT', text: 'A' })), {}],
		['a card with a footer', carousel(cardOf(picture(), { type: 'FOOTER', text: 'x' }), cardOf(picture(), { type: 'FOOTER', text: 'x' })), {}],
		['cards with different parts', carousel(card, cardOf(picture())), {}],
		['cards with different pictures', carousel(cardOf(picture()), cardOf(picture('VIDEO'))), {}],
		['a long card', carousel(cardOf(picture(), text('x'.repeat(161))), cardOf(picture(), text())), {}],
		['three buttons on a card', carousel(...[1, 2].map(() => cardOf(picture(), buttons(answer, { ...answer, text: 'B' }, { ...answer, text: 'C' })))), {}],
		['a code on a card', carousel(...[1, 2].map(() => cardOf(picture(), buttons(code)))), {}],
		['a header beside cards', [picture(), ...carousel(card, card)], {}],
		['an offer for information', [offer, text(), buttons(code, book)], { category: 'UTILITY' }],
		['an offer with a footer', [offer, text(), { type: 'FOOTER', text: 'x' }, buttons(code, book)], {}],
		['an offer under a text', [{ type: 'HEADER', format: 'TEXT', text: 'A' }, offer, text(), buttons(code, book)], {}],
		['a long offer', [offerOf({ text: 'x'.repeat(17) }), text(), buttons(book)], {}],
		['a long text under an offer', [offer, text('x'.repeat(601)), buttons(code, book)], {}],
		['an end without a code', [offer, text(), buttons(book)], {}],
		['a code after the link', [offer, text(), buttons(book, code)], {}],
		['an offer without a link', [offer, text(), buttons(code)], {}],
		['an offer without buttons', [offerOf({ text: 'Half price!' }), text()], {}],
		['an answer under an offer', [offer, text(), buttons(code, book, answer)], {}],
		['a form without a name', [text(), buttons({ type: 'FLOW', text: 'Report' })], {}],
		['a form named twice', [text(), buttons({ type: 'FLOW', text: 'Report', flow_id: '1', flow_json: '{}' })], {}],
		['a form that does something else', [text(), buttons({ type: 'FLOW', text: 'Report', flow_id: '1', flow_action: 'fly' })], {}],
		['other words on a request', [text(), buttons({ type: 'REQUEST_CONTACT_INFO', text: 'Your number?' })], {}],
	])('cannot have %s', async (_what, components, more) => {
		expect((await create(components, more)).body.error?.code).toBe(100);
		expect(sandbox.templates.find('made_up', 'en_GB')).toBeUndefined();
	});
});

describe('a carousel', () => {
	beforeEach(() => made(carousel(card, card)));
	const parts = (day = 'Sunday', image: Part = { link: 'https://aldersea.example/band.jpg' }): Part[] => [
		{ type: 'header', parameters: [{ type: 'image', image }] },
		{ type: 'body', parameters: [{ type: 'text', text: day }] },
		{ type: 'button', sub_type: 'url', index: '0', parameters: [{ type: 'text', text: 'mere' }] },
	];
	const cards = (...list: unknown[]): Part => ({ type: 'carousel', cards: list });
	const first = { card_index: 0, components: parts() };
	const second = { card_index: '1', components: [...parts('Monday'), { type: 'button', sub_type: 'quick_reply', index: 1, parameters: [{ type: 'payload', payload: 'comes|2' }] }] };

	it('arrives with its cards, whose buttons can be tapped', async () => {
		expect((await sent(cards(second, first))).status).toBe(200);
		const cardShown = (day: string, payload: string): Part => ({
			header: { kind: 'image', media: { kind: 'image', link: 'https://aldersea.example/band.jpg' } },
			body: `A band plays on ${day} at two.`,
			buttons: [{ kind: 'url', text: 'See more', url: 'https://aldersea.example/mere' }, { kind: 'quick_reply', text: 'I will come', payload }],
		});
		expect(await shown()).toEqual({ body: 'Come and see us this week.', buttons: [], cards: [cardShown('Sunday', 'I will come'), cardShown('Monday', 'comes|2')] });
		const [message] = (await phoneOf(sandbox, phone)).messages;
		expect(message?.words).toContain('[card 2] [image] A band plays on Monday');
		await act(sandbox, phone, { act: 'tap', message: message?.id, card: 1, button: 1 });
		expect(written(sandbox)).toMatchObject([{ type: 'button', button: { payload: 'comes|2', text: 'I will come' }, context: { id: message?.id } }]);
		expect((await act(sandbox, phone, { act: 'tap', message: message?.id, card: 2, button: 1 })).status).toBe(400);
	});

	it.each<[string, unknown, number, RegExp]>([
		['no cards', undefined, 132000, /cards.*\(0\).*\(2\)/],
		['a card less', cards(first), 132000, /\(1\).*\(2\)/],
		['a card more', cards(first, second, { ...first, card_index: 2 }), 132000, /\(3\).*\(2\)/],
		['a gap', cards(first, { ...first, card_index: 3 }), 100, /card_index 1/],
		['a card twice', cards(first, first), 100, /twice/],
		['a card without a number', cards(first, { components: parts() }), 131008, /card_index/],
		['a card without its picture', cards(first, { card_index: 1, components: parts().slice(1) }), 132000, /card 1: header/],
		['a film for a picture', cards(first, { card_index: 1, components: [{ type: 'header', parameters: [{ type: 'video', video: { link: 'https://aldersea.example/a.mp4' } }] }, ...parts().slice(1)] }), 132012, /card 1: header/],
		['a value less', cards(first, { card_index: 1, components: [parts()[0], parts()[2]] }), 132000, /card 1: body/],
		['a long value', cards({ card_index: 0, components: parts('x'.repeat(160)) }, second), 132005, /limit is 160/],
		['a line break', cards({ card_index: 0, components: parts('a\nb') }, second), 132018, /new-line/],
		['a carousel on a card', cards({ card_index: 0, components: [...parts(), cards(first)] }, second), 100, /type/],
		['an unknown key', cards({ ...first, colour: 'red' }, second), 100, /colour/],
	])('is refused with %s', async (_what, component, refusal, details) => {
		expectRefusal(await sent(...(component === undefined ? [] : [component])), refusal, details);
	});
});

describe('an offer that runs out', () => {
	beforeEach(() => made([offer, text(), buttons(code, book)]));
	const coupon = { type: 'button', sub_type: 'copy_code', index: 0, parameters: [{ type: 'coupon_code', coupon_code: 'SWIM26' }] };
	const ends = (expiration_time_ms: unknown): Part => ({ type: 'limited_time_offer', parameters: [{ type: 'limited_time_offer', limited_time_offer: { expiration_time_ms } }] });
	const tomorrow = (): number => sandbox.clock.now() + 86_400_000;

	it('arrives with its end', async () => {
		const endsAt = tomorrow();
		expect((await sent(ends(endsAt), coupon)).status).toBe(200);
		expect(await shown()).toMatchObject({ offer: { text: 'Half price!', endsAt }, buttons: [{ kind: 'copy_code', code: 'SWIM26' }, { kind: 'url' }] });
	});

	it('is refused without an end, with one that is none, and with one in the past', async () => {
		expectRefusal(await sent(coupon), 131008, /expiration_time_ms/);
		for (const wrong of ['tomorrow', 0, 1.5, true]) expectRefusal(await sent(ends(wrong), coupon), 100, /expiration_time_ms/);
		expectRefusal(await sent(ends(sandbox.clock.now() - 1), coupon), 131009, /past/);
		expectRefusal(await sent(ends(tomorrow()), ends(tomorrow()), coupon), 100, /twice/);
		sandbox.knobs.expiredOffer = 'taken';
		expect((await sent(ends(sandbox.clock.now() - 1), coupon)).status).toBe(200);
	});

	it('takes none where the template says nothing of an end', async () => {
		sandbox.reset();
		await made([offerOf({ text: 'Half price!' }), text(), buttons(book)]);
		expectRefusal(await sent(ends(tomorrow())), 132000, /limited_time_offer/);
		expect((await sent()).status).toBe(200);
		expect(await shown()).toMatchObject({ offer: { text: 'Half price!' } });
	});
});

describe('a form and a request for the number', () => {
	beforeEach(() => made([text(), buttons({ type: 'FLOW', text: 'Report', flow_id: '7421' }, { type: 'REQUEST_CONTACT_INFO' })]));
	const form = (action: unknown): Part => ({ type: 'button', sub_type: 'flow', index: '0', parameters: [{ type: 'action', action }] });

	it('arrive, and the number can be shared', async () => {
		expect((await sent(form({ flow_token: 'case 17', flow_action_data: { street: 'Harbour Road' } }))).status).toBe(200);
		expect(await shown()).toMatchObject({ buttons: [{ kind: 'flow', text: 'Report' }, { kind: 'request_contact', text: 'Share contact info' }] });
		const [message] = (await phoneOf(sandbox, phone)).messages;
		await act(sandbox, phone, { act: 'tap', message: message?.id, button: 1 });
		expect(written(sandbox)).toMatchObject([{ type: 'contacts', contacts: [{ origin: 'contact_request' }] }]);
	});

	it('need the form’s component, where the knob does not say otherwise', async () => {
		expectRefusal(await sent(), 131008, /type Flow requires a parameter/);
		sandbox.knobs.flowParameter = 'optional';
		expect((await sent()).status).toBe(200);
	});

	it.each([{ flow_action_data: {} }, { flow_action_data: [] }, { flow_token: 7 }, { colour: 'red' }])('refuse the action %j', async (action) => {
		expectRefusal(await sent(form(action)), 100, /flow_|colour/);
	});

	it('take nothing for the request', async () => {
		expectRefusal(await sent(form({}), { type: 'button', sub_type: 'request_contact_info', index: '1', parameters: [] }), 100, /request_contact_info/);
	});
});
