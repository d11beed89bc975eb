import { describe, expect, it } from 'vitest';

import { parseTemplate } from '../../../core/whatsapp/template';
import { checkDefinition, parseDefinition } from '../../../core/whatsapp/templateDefinition';
import { templateDifferences } from '../../../core/whatsapp/templateDifferences';

type Part = Record<string, unknown>;

const body = (text = 'Come and see us this week.'): Part => ({ type: 'BODY', text });
const picture = (format = 'IMAGE'): Part => ({ type: 'HEADER', format, example: { header_handle: ['4::a'] } });
const link: Part = { type: 'URL', text: 'See more', url: 'https://aldersea.example/parks/{{1}}', example: ['https://aldersea.example/parks/mere'] };
const answer = (text = 'I will come'): Part => ({ type: 'QUICK_REPLY', text });
const code: Part = { type: 'COPY_CODE', example: 'SWIM26' };
const buttons = (...list: Part[]): Part => ({ type: 'BUTTONS', buttons: list });
const card = (...components: Part[]): Part => ({ components: components.length === 0 ? [picture(), body('Brass band at two.'), buttons(link, answer())] : components });
const withParts = (components: Part[], changes: Part = {}): Part => ({ name: 'parks', language: 'en_GB', category: 'MARKETING', components, ...changes });
const carousel = (...cards: Part[]): Part => withParts([body(), { type: 'CAROUSEL', cards }]);
const offerPart = (fields: Part = { text: 'Half price!', has_expiration: true }): Part => ({ type: 'LIMITED_TIME_OFFER', limited_time_offer: fields });
const offer = (...components: Part[]): Part => withParts(components.length === 0 ? [picture(), offerPart(), body(), buttons(code, link)] : components);
const flow = (fields: Part): Part => withParts([body(), buttons({ type: 'FLOW', text: 'Report it', ...fields })], { category: 'UTILITY' });
const x = (length: number): string => 'x'.repeat(length);

describe('the definition of', () => {
	it.each<[string, Part]>([
		['a carousel', carousel(card(), card())],
		['a carousel of ten cards', carousel(...Array.from({ length: 10 }, () => card()))],
		['cards without words or buttons', carousel(card(picture('VIDEO')), card(picture('VIDEO')))],
		['cards with words to the limit', carousel(card(picture(), body(x(160))), card(picture(), body('Rowing.')))],
		['an offer that runs out', offer()],
		['an offer without an end', offer(offerPart({ text: x(16) }), body(x(600)), buttons(link))],
		['a form by its id', flow({ flow_id: '7421', flow_action: 'navigate', navigate_screen: 'PLACE' })],
		['a form by its name', flow({ flow_name: 'pothole', flow_action: 'data_exchange' })],
		['a form by its screens', flow({ flow_json: '{"version":"7.0"}' })],
		['a request for the number', withParts([body(), buttons({ type: 'REQUEST_CONTACT_INFO' }, answer())], { category: 'UTILITY' })],
		['a request in Meta’s own words', withParts([body(), buttons({ type: 'REQUEST_CONTACT_INFO', text: 'Share Contact Info' })])],
	])('%s passes', (_, raw) => {
		expect(checkDefinition(raw).problems).toEqual([]);
	});

	it.each<[string, Part, string, RegExp]>([
		['a useful carousel', { ...carousel(card(), card()), category: 'UTILITY' }, 'category', /MARKETING/],
		['one card', carousel(card()), 'carousel', /1 cards; 2 to 10/],
		['eleven cards', carousel(...Array.from({ length: 11 }, () => card())), 'carousel', /11 cards; 2 to 10/],
		['a card without a picture', carousel(card(body('Hello there')), card(body('Hello you'))), 'carousel [1]', /IMAGE or VIDEO/],
		['a card with a document', carousel(card(picture('DOCUMENT')), card(picture('DOCUMENT'))), 'carousel [2]', /IMAGE or VIDEO/],
		['a card without an example', carousel(card({ type: 'HEADER', format: 'IMAGE' }), card(picture())), 'carousel [1].header', /example file/],
		['a picture and a film', carousel(card(picture()), card(picture('VIDEO'))), 'carousel [2]', /built otherwise than card 1/],
		['words on one card only', carousel(card(picture(), body()), card(picture())), 'carousel [2]', /built otherwise/],
		['other buttons on one card', carousel(card(picture(), buttons(link)), card(picture(), buttons(answer()))), 'carousel [2]', /QUICK_REPLY, not IMAGE, URL/],
		['a long card', carousel(card(picture(), body(x(161))), card(picture(), body())), 'carousel [1].body', /161.*160/],
		['three buttons on a card', carousel(card(picture(), buttons(answer('A'), answer('B'), answer('C'))), card(picture(), buttons(answer('A'), answer('B'), answer('C')))), 'carousel [1]', /3 buttons; 2/],
		['a code on a card', carousel(card(picture(), buttons(code)), card(picture(), buttons(code))), 'carousel [1]', /another kind of button/],
		['a long label on a card', carousel(card(picture(), buttons(answer(x(26)))), card(picture(), buttons(answer()))), 'carousel [1].buttons [1]', /26.*25/],
		['a footer beside cards', withParts([body(), { type: 'FOOTER', text: 'Parks' }, { type: 'CAROUSEL', cards: [card(), card()] }]), 'footer', /put it on the cards/],
		['a useful offer', { ...offer(), category: 'UTILITY' }, 'category', /MARKETING/],
		['a footer under an offer', offer(offerPart(), body(), { type: 'FOOTER', text: 'Pools' }, buttons(code, link)), 'footer', /offer that runs out/],
		['words above an offer', offer({ type: 'HEADER', format: 'TEXT', text: 'Swim' }, offerPart(), body(), buttons(code, link)), 'header', /IMAGE or VIDEO/],
		['a long offer', offer(offerPart({ text: x(17) }), body(), buttons(link)), 'limited_time_offer', /17.*16/],
		['a long text under an offer', offer(offerPart(), body(x(601)), buttons(code, link)), 'body', /601.*600/],
		['an end without a code', offer(offerPart(), body(), buttons(link)), 'buttons', /copy-code button/],
		['a code after the link', offer(offerPart(), body(), buttons(link, code)), 'buttons', /first/],
		['an offer without a link', offer(offerPart(), body(), buttons(code)), 'buttons', /link/],
		['an answer under an offer', offer(offerPart(), body(), buttons(code, link, answer())), 'buttons', /another kind/],
		['a form that is not named', flow({}), 'buttons [1]', /exactly one of flow_id/],
		['a form named twice', flow({ flow_id: '1', flow_name: 'a' }), 'buttons [1]', /exactly one/],
		['a screen that nothing leads to', flow({ flow_id: '1', flow_action: 'data_exchange', navigate_screen: 'A' }), 'buttons [1]', /navigate/],
		['a long label on a form', flow({ flow_id: '1', text: x(26) }), 'buttons [1]', /26.*25/],
		['other words on a request', withParts([body(), buttons({ type: 'REQUEST_CONTACT_INFO', text: 'Your number?' })]), 'buttons [1]', /Meta’s own words/],
	])('%s is refused, by the name of the field', (_, raw, field, words) => {
		const { problems } = checkDefinition(raw);
		expect(problems.map((problem) => problem.field)).toContain(field);
		expect(problems.filter((problem) => problem.field === field).map(({ message }) => message).join(' ')).toMatch(words);
		expect(() => parseDefinition(raw)).toThrow(words);
	});

	it.each<[string, Part]>([
		['a carousel', carousel(card(), card())],
		['an offer', offer()],
		['a request', withParts([body(), buttons({ type: 'REQUEST_CONTACT_INFO' })])],
	])('%s is the same at Meta, which puts its own words on some buttons', (_, raw) => {
		const definition = parseDefinition(raw);
		const atMeta = JSON.parse(JSON.stringify(raw).replaceAll('{"type":"COPY_CODE"', '{"text":"Copy offer code","type":"COPY_CODE"').replaceAll('{"type":"REQUEST_CONTACT_INFO"', '{"text":"Share contact info","type":"REQUEST_CONTACT_INFO"')) as object;
		expect(templateDifferences(parseTemplate({ id: '1', status: 'APPROVED', ...atMeta }), definition)).toEqual([]);
	});

	it('a carousel or an offer that is another at Meta is said to be, part by part', () => {
		const atMeta = (raw: Part) => parseTemplate({ id: '1', status: 'APPROVED', ...raw });
		expect(templateDifferences(atMeta(carousel(card(), card(picture(), body('Rowing.'), buttons(link, answer())))), parseDefinition(carousel(card(), card(), card())))).toEqual([
			'Card 2, body: Meta has “Rowing.”, the definition has “Brass band at two.”.',
			'Card 3, header kind: Meta has none, the definition has “IMAGE”.',
			'Card 3, body: Meta has none, the definition has “Brass band at two.”.',
			'Card 3, button 1: Meta has none, the definition has “URL See more https://aldersea.example/parks/{{1}}”.',
			'Card 3, button 2: Meta has none, the definition has “QUICK_REPLY I will come”.',
		]);
		expect(templateDifferences(atMeta(offer(offerPart({ text: 'Half price!' }), body(), buttons(code, link))), parseDefinition(offer(offerPart(), body(), buttons(code, link))))).toEqual([
			'Offer: Meta has “Half price! (without an end)”, the definition has “Half price! (with an end)”.',
		]);
	});
});
