import { describe, expect, it } from 'vitest';

import { checkMessage } from '../../../core/whatsapp/messages/content';
import { checkParameters } from '../../../core/whatsapp/parameterChecks';
import { type Template, parseTemplate } from '../../../core/whatsapp/template';
import { carouselLimits } from '../../../core/whatsapp/templateCards';
import { templateContent } from '../../../core/whatsapp/templateContent';
import { flowLimits } from '../../../core/whatsapp/templateFlow';
import { toComponents } from '../../../core/whatsapp/templateMessage';
import { offerLimits } from '../../../core/whatsapp/templateOffer';
import { type TemplateValues, parameterFields, unsupportedParts } from '../../../core/whatsapp/templateParameters';
import { renderTemplate } from '../../../core/whatsapp/templateRendering';
import { form, parks, parksEntry, parksValues, swim, swimEntry, swimValues } from './sampleTemplates';

const said = (template: Template, values: TemplateValues) => checkParameters(template, values).map(({ message }) => message);

/** What leaves is what the checks of an outgoing message pass, too. */
function componentsOf(template: Template, values: TemplateValues) {
	expect(said(template, values)).toEqual([]);
	const components = toComponents(template, values);
	expect(checkMessage({ type: 'template', name: template.name, language: template.language, components })).toEqual([]);
	return components;
}

it('the limits are those of Meta’s pages', () => {
	expect({ carouselLimits, offerLimits, label: flowLimits.label }).toEqual({
		carouselLimits: { fewestCards: 2, cards: 10, cardBody: 160, cardButtons: 2 },
		offerLimits: { text: 16, body: 600, code: 15 },
		label: 25,
	});
});

describe('a carousel', () => {
	it('asks card by card, in words that people understand', () => {
		expect(unsupportedParts(parks)).toEqual([]);
		expect(parameterFields(parks).map(({ key, label, example, required }) => [key, label, example, required])).toEqual([
			['body_month', 'Month', 'July', true],
			['card_1_header_image', 'Card 1: Image: ID or link', '', true],
			['card_1_body_day', 'Card 1: Day', 'Saturday', true],
			['card_1_button_0', 'Card 1: button “See the park”: end of the link', 'harbour', true],
			['card_1_button_1', 'Card 1: button “I will come”: hidden answer (optional)', '', false],
			['card_2_header_image', 'Card 2: Image: ID or link', '', true],
			['card_2_body_day', 'Card 2: Day', 'Saturday', true],
			['card_2_button_0', 'Card 2: button “See the park”: end of the link', 'mere', true],
			['card_2_button_1', 'Card 2: button “I will come”: hidden answer (optional)', '', false],
		]);
	});

	it('goes out with every card, numbered from 0', () => {
		const cardOf = (index: number, id: string, day: string, end: string, answer?: string) => ({
			card_index: index,
			components: [
				{ type: 'header', parameters: [{ type: 'image', image: { id } }] },
				{ type: 'body', parameters: [{ type: 'text', parameter_name: 'day', text: day }] },
				{ type: 'button', sub_type: 'url', index: '0', parameters: [{ type: 'text', text: end }] },
				...(answer === undefined ? [] : [{ type: 'button', sub_type: 'quick_reply', index: '1', parameters: [{ type: 'payload', payload: answer }] }]),
			],
		});
		expect(componentsOf(parks, { ...parksValues, card_2_button_1: 'comes|mere' })).toEqual([
			{ type: 'body', parameters: [{ type: 'text', parameter_name: 'month', text: 'July' }] },
			{ type: 'carousel', cards: [cardOf(0, '101', 'Saturday', 'harbour'), cardOf(1, '102', 'Sunday', 'mere', 'comes|mere')] },
		]);
	});

	it('is shown as a message with cards', () => {
		const { body, cards } = renderTemplate(parks, parksValues);
		expect(body).toBe('Come to our parks in July with the family.');
		expect(cards?.[1]).toEqual({
			headerMedia: { kind: 'image', media: { id: '102' } },
			body: 'Rowing on Sunday for all.',
			buttons: [{ kind: 'url', text: 'See the park', url: 'https://aldersea.example/parks/mere' }, { kind: 'quick_reply', text: 'I will come' }],
		});
	});

	it.each<[string, Record<string, string>, string]>([
		['no picture', { card_2_header_image: '' }, "'Card 2: Image: ID or link' is empty."],
		['a line break', { card_1_body_day: 'Sat\nSun' }, "'Card 1: Day' holds a line break; a value is one line."],
		['more than 160 characters', { card_1_body_day: 'x'.repeat(139) }, "'Card 1: Day' makes the text 161 characters long; the limit is 160."],
		['a card that is not there', { card_3_header_image: '1' }, '“card_3_header_image” is not a field of the template parks_in_summer.'],
		['a long link', { card_2_button_0: 'x'.repeat(1972) }, "'Card 2: button “See the park”: end of the link' makes the link 2003 characters long; the limit is 2000."],
	])('is refused with %s', (_, change, message) => {
		expect(said(parks, { ...parksValues, ...change })).toEqual([message]);
	});

	it('may fill a card to the limit', () => {
		expect(said(parks, { ...parksValues, card_1_body_day: 'x'.repeat(138) })).toEqual([]);
	});

	it('is told from another by every word of its cards, and not by examples', () => {
		const contentOf = (change: (entry: typeof parksEntry) => void) => {
			const entry = structuredClone(parksEntry);
			change(entry);
			return JSON.stringify(templateContent(parseTemplate(entry)));
		};
		const cardsIn = (entry: typeof parksEntry) => (entry.components[1] as { cards: Array<{ components: Array<Record<string, unknown>> }> }).cards;
		const before = contentOf(() => undefined);
		expect(contentOf((entry) => Object.assign(cardsIn(entry)[0]?.components[0] ?? {}, { example: undefined }))).toBe(before);
		const others = [
			contentOf((entry) => Object.assign(cardsIn(entry)[1]?.components[1] ?? {}, { text: 'Rowing on {{day}}, perhaps.' })),
			contentOf((entry) => Object.assign(cardsIn(entry)[1]?.components[0] ?? {}, { format: 'VIDEO' })),
			contentOf((entry) => Object.assign(cardsIn(entry)[0]?.components[2] ?? {}, { buttons: [] })),
			contentOf((entry) => void cardsIn(entry).reverse()),
			contentOf((entry) => void cardsIn(entry).pop()),
		];
		expect(new Set([before, ...others]).size).toBe(6);
	});
});

describe('an offer that runs out', () => {
	it('asks when it ends', () => {
		expect(unsupportedParts(swim)).toEqual([]);
		expect(parameterFields(swim).map(({ key, label }) => [key, label])).toEqual([
			['header_image', 'Image: ID or link'],
			['offer_ends', 'Offer ends: date and time'],
			['body_1', 'Value 1'],
			['button_0', 'Button “Copy offer code”: code to copy'],
		]);
	});

	it('goes out in milliseconds', () => {
		expect(componentsOf(swim, swimValues)).toEqual([
			{ type: 'header', parameters: [{ type: 'image', image: { id: '17' } }] },
			{ type: 'body', parameters: [{ type: 'text', text: 'the Lido' }] },
			{ type: 'limited_time_offer', parameters: [{ type: 'limited_time_offer', limited_time_offer: { expiration_time_ms: Date.UTC(2026, 11, 24, 18) } }] },
			{ type: 'button', sub_type: 'copy_code', index: '0', parameters: [{ type: 'coupon_code', coupon_code: 'SWIM26' }] },
		]);
	});

	it('may say nothing of an end, and then takes none', () => {
		const endless = parseTemplate({ ...swimEntry, components: swimEntry.components.map((one) => (one.type === 'LIMITED_TIME_OFFER' ? { ...one, limited_time_offer: { text: 'Half price!' } } : one)) });
		const { offer_ends: _ends, ...values } = swimValues;
		expect(componentsOf(endless, values).map(({ type }) => type)).toEqual(['header', 'body', 'button']);
		expect(renderTemplate(endless, values).offer).toEqual({ text: 'Half price!' });
		expect(said(endless, swimValues)).toEqual([expect.stringContaining('“offer_ends” is not a field')]);
	});

	it('is shown with its end', () => {
		expect(renderTemplate(swim, swimValues).offer).toEqual({ text: 'Half price!', ends: Date.UTC(2026, 11, 24, 18) });
	});

	it.each(['tomorrow', '24/12/2026', '2026-12-24', '2026-12-24T18:00', '2026-02-30T18:00:00Z', '2026-99-01T18:00:00Z', '1798135200000', '2026-12-24 18:00:00Z'])('is refused when it ends %j', (ends) => {
		expect(said(swim, { ...swimValues, offer_ends: ends })).toEqual(["'Offer ends: date and time' is not a date and time, such as 2026-12-24T18:00."]);
	});

	it('has a shorter text than others', () => {
		const long = { ...swimValues, body_1: 'x'.repeat(562) };
		expect(said(swim, long)).toEqual([]);
		expect(said(swim, { ...long, body_1: `${long.body_1}x` })).toEqual(["'Value 1' makes the text 601 characters long; the limit is 600."]);
	});
});

describe('a form to fill in', () => {
	it('asks for nothing that has to be there', () => {
		expect(unsupportedParts(form)).toEqual([]);
		expect(parameterFields(form).map(({ key, kind, required }) => [key, kind, required])).toEqual([
			['button_0', 'flowToken', false],
			['button_0_data', 'flowData', false],
		]);
	});

	it('goes out with its parameter always, and what it is to begin with if given', () => {
		const action = (fields: object) => [{ type: 'button', sub_type: 'flow', index: '0', parameters: [{ type: 'action', action: fields }] }];
		expect(componentsOf(form, {})).toEqual(action({ flow_token: 'unused' }));
		expect(componentsOf(form, { button_0: 'case 17', button_0_data: '{"street":"Harbour Road","depth":7}' })).toEqual(action({ flow_token: 'case 17', flow_action_data: { street: 'Harbour Road', depth: 7 } }));
	});

	it.each(['{}', '[1]', '7', '"a"', 'street', '{"a":'])('does not begin with %s', (data) => {
		expect(said(form, { button_0_data: data })).toEqual(["'Button “Report it”: what the form begins with, as JSON (optional)' is not a JSON object with something in it."]);
	});

	it('is shown as a button, and so is asking for the number', () => {
		expect(renderTemplate(form, {}).buttons).toEqual([{ kind: 'flow', text: 'Report it' }, { kind: 'request_contact', text: 'Share contact info' }]);
	});
});
