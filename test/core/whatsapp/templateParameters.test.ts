import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { checkParameters } from '../../../core/whatsapp/parameterChecks';
import { parseTemplate } from '../../../core/whatsapp/template';
import { toComponents } from '../../../core/whatsapp/templateMessage';
import { type TemplateValues, parameterFields, unsupportedParts } from '../../../core/whatsapp/templateParameters';
import { renderTemplate } from '../../../core/whatsapp/templateRendering';
import { bins, binsEntry, gritting, grittingEntry, grittingValues } from './sampleTemplates';

const binsValues = { body_1: 'Saltmarsh', body_2: 'green', body_3: 'Friday' };
const said = (values: TemplateValues) => checkParameters(gritting, values).map(({ message }) => message);

describe('the fields of a template', () => {
	it('come with a name for people and the example of the template', () => {
		expect(parameterFields(gritting)).toEqual([
			{ key: 'header_town', where: 'header', kind: 'text', name: 'town', label: 'Header: town', example: 'Aldersea', required: true },
			{ key: 'body_route', where: 'body', kind: 'text', name: 'route', label: 'Route', example: 'Harbour Road', required: true },
			{ key: 'body_time', where: 'body', kind: 'text', name: 'time', label: 'Time', example: '18:00', required: true },
			{ key: 'button_0', where: 'button', kind: 'payload', name: 'payload', label: 'Button “Stop these”: hidden answer (optional)', example: '', required: false, buttonIndex: 0 },
			{ key: 'button_1', where: 'button', kind: 'linkEnd', name: '1', label: 'Button “See map”: end of the link', example: 'route-7', required: true, buttonIndex: 1 },
		]);
	});

	it('of a positional template come in the order of their numbers', () => {
		expect(parameterFields(bins).map(({ key, label, example }) => [key, label, example])).toEqual([
			['body_1', 'Value 1', 'Saltmarsh'],
			['body_2', 'Value 2', 'green'],
			['body_3', 'Value 3', 'Friday'],
		]);
	});

	it('are none where the template has no placeholders', () => {
		expect(parameterFields(parseTemplate({ ...binsEntry, components: [{ type: 'BODY', text: 'No gritting tonight.' }] }))).toEqual([]);
	});
});

describe('a template that cannot be sent from here', () => {
	const reasons = (components: object[], more = {}) => unsupportedParts(parseTemplate({ ...grittingEntry, components, ...more }));
	const body = { type: 'BODY', text: 'Hello' };
	const button = (fields: object) => [body, { type: 'BUTTONS', buttons: [{ text: 'Tap', ...fields }] }];

	it('is none of the samples', () => {
		expect(unsupportedParts(gritting)).toEqual([]);
		expect(unsupportedParts(bins)).toEqual([]);
	});

	it.each([
		['goods in the header', [body, { type: 'HEADER', format: 'PRODUCT' }], /kind PRODUCT, for goods of a catalogue/],
		['a header of a kind that is not known', [body, { type: 'HEADER', format: 'HOLOGRAM' }], /kind HOLOGRAM,/],
		['a carousel', [body, { type: 'CAROUSEL', cards: [] }], /kind CAROUSEL, for cards to leaf through/],
		['an offer that runs out', [body, { type: 'LIMITED_TIME_OFFER', limited_time_offer: { text: 'Today' } }], /kind LIMITED_TIME_OFFER/],
		['a form', button({ type: 'FLOW' }), /kind FLOW, for forms/],
		['a catalogue', button({ type: 'CATALOG' }), /kind CATALOG/],
		['a payment', button({ type: 'ORDER_DETAILS' }), /kind ORDER_DETAILS, for payments/],
		['a call', button({ type: 'VOICE_CALL' }), /kind VOICE_CALL/],
		['a code outside a template for codes', button({ type: 'OTP' }), /kind OTP/],
		['no text', [{ type: 'FOOTER', text: 'x' }], /no text/],
		['a link that could lead anywhere', button({ type: 'URL', url: 'https://aldersea.example{{1}}' }), /lead anywhere/],
		['a link with an open user part', button({ type: 'URL', url: 'https://aldersea.example@{{1}}/' }), /lead anywhere/],
	])('says so: %s', (_, components, reason) => {
		expect(reasons(components)).toEqual([expect.stringMatching(reason)]);
	});

	it('is one that hands a code to an app by itself', () => {
		const code = (fields: object) => reasons(button(fields), { category: 'AUTHENTICATION' });
		expect(code({ type: 'OTP', otp_type: 'COPY_CODE' })).toEqual([]);
		expect(code({ type: 'URL', url: 'https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp{{1}}' })).toEqual([]);
		for (const kind of ['ONE_TAP', 'ZERO_TAP']) {
			expect(code({ type: 'OTP', otp_type: kind })).toEqual([expect.stringMatching(/one-tap or zero-tap/)]);
			expect(code({ type: 'URL', url: `https://www.whatsapp.com/otp/code/?otp_type=${kind}&code=otp{{1}}` })).toHaveLength(1);
		}
	});

	it('is never one with a link whose website is fixed', () => {
		for (const url of ['https://aldersea.example/{{1}}', 'https://aldersea.example?road={{1}}', 'https://aldersea.example']) expect(reasons(button({ type: 'URL', url }))).toEqual([]);
	});
});

describe('values', () => {
	it('that fit are not complained about', () => {
		expect(checkParameters(gritting, grittingValues)).toEqual([]);
		expect(checkParameters(bins, binsValues)).toEqual([]);
		expect(said({ ...grittingValues, body_route: 'A    B – Ffordd yr Harbwr 😀' })).toEqual([]);
	});

	it.each<[string, TemplateValues, string]>([
		['an empty one', { body_route: '' }, "'Route' is empty."],
		['a blank one', { body_route: ' \u00a0' }, "'Route' is empty."],
		['a new line', { body_route: 'a\nb' }, "'Route' holds a line break; a value is one line."],
		['a carriage return', { body_route: 'a\rb' }, "'Route' holds a line break; a value is one line."],
		['a line separator', { body_route: 'a\u2028b' }, "'Route' holds a line break; a value is one line."],
		['a tab', { header_town: 'a\tb' }, "'Header: town' holds a tab; use a space."],
		['five spaces', { body_time: 'a     b' }, "'Time' holds more than 4 spaces in a row."],
		['a control character', { body_time: 'a\u0000b' }, "'Time' holds an invisible control character."],
		['half a character', { body_time: 'a\ud83d' }, "'Time' holds an invisible control character."],
		['a number', { body_time: 18 as unknown as string }, "'Time' is not a text."],
		['a header too long', { header_town: 'x'.repeat(49) }, "'Header: town' makes the header 61 characters long; the limit is 60."],
		['a space in a link', { button_1: 'route 7' }, "'Button “See map”: end of the link' holds a character that a link cannot carry; write it as route%207."],
		['half a percent sign in a link', { button_1: '100%' }, "'Button “See map”: end of the link' holds a character that a link cannot carry; write it as 100%25."],
		['a long link', { button_1: 'x'.repeat(1967) }, "'Button “See map”: end of the link' makes the link 2001 characters long; the limit is 2000."],
		['a field that is not there', { colour: 'red' }, '“colour” is not a field of the template gritting_notice.'],
	])('with %s are refused by name', (_, change, message) => {
		expect(said({ ...grittingValues, ...change })).toEqual([message]);
	});

	it('that are missing are each named, also when their name is one that every object has', () => {
		expect(said({})).toEqual(["'Header: town' has no value.", "'Route' has no value.", "'Time' has no value.", "'Button “See map”: end of the link' has no value."]);
		const odd = parseTemplate({ ...binsEntry, parameter_format: 'NAMED', components: [{ type: 'BODY', text: 'Hi {{x}}' }] });
		expect(checkParameters(odd, JSON.parse('{"body_x":"a","__proto__":"b","constructor":"c"}'))).toHaveLength(2);
	});

	it('count once for every place where they stand', () => {
		const at = (length: number) => said({ ...grittingValues, body_route: 'x'.repeat(length) });
		const fixed = 'We will treat  from 18:00 tonight.  stays open.'.length;
		expect((1024 - fixed) % 2).toBe(1);
		expect(at((1024 - fixed - 1) / 2)).toEqual([]);
		expect(at((1024 - fixed + 1) / 2)).toEqual(["'Route' makes the text 1025 characters long; the limit is 1024."]);
	});

	it('that pass give texts within the limits and as many parameters as fields', () => {
		const value = fc.string({ unit: 'grapheme', maxLength: 700 });
		const link = fc.oneof(value, fc.stringMatching(/^[a-z@:.%20/]{1,20}$/));
		let passed = 0;
		fc.assert(
			fc.property(value, value, value, link, (town, route, time, end) => {
				const values = { header_town: town, body_route: route, body_time: time, button_1: end };
				if (checkParameters(gritting, values).length > 0) return;
				passed += 1;
				const { header = '', body, buttons } = renderTemplate(gritting, values);
				expect(header.length).toBeLessThanOrEqual(60);
				expect(body.length).toBeLessThanOrEqual(1024);
				expect(`${header}${body}`).not.toMatch(/[\r\n\t]| {5}/);
				expect(new URL(buttons[1]?.url ?? '').host).toBe('aldersea.example');
				expect(toComponents(gritting, values).map(({ parameters }) => parameters.length)).toEqual([1, 2, 1]);
			}),
			{ numRuns: 500 },
		);
		expect(passed).toBeGreaterThan(20);
	});
});

describe('a rendered template', () => {
	it('is what the resident reads', () => {
		expect(renderTemplate(gritting, grittingValues)).toEqual({
			header: 'Gritting in Aldersea',
			body: 'We will treat Harbour Road from 18:00 tonight. Harbour Road stays open.',
			footer: 'Aldersea Borough Council',
			buttons: [
				{ kind: 'quick_reply', text: 'Stop these' },
				{ kind: 'url', text: 'See map', url: 'https://aldersea.example/gritting/route-7' },
				{ kind: 'phone_number', text: 'Call us', phone: '+441632960000' },
			],
		});
	});

	it('leaves values alone that look like placeholders or patterns', () => {
		expect(renderTemplate(bins, { body_1: '{{2}}', body_2: '$&', body_3: '{{3}}' }).body).toBe('Your $& bin in {{2}} is collected on {{3}} now.');
	});

	it('is refused when a value is missing', () => {
		expect(() => renderTemplate(gritting, {})).toThrowError(expect.objectContaining({ code: 'template.parameters' }));
		expect(() => toComponents(gritting, {})).toThrowError(expect.objectContaining({ code: 'template.parameters' }));
	});
});

describe('the components of a message', () => {
	it('carry positional values in order and without names', () => {
		expect(toComponents(bins, binsValues)).toEqual([
			{ type: 'body', parameters: [{ type: 'text', text: 'Saltmarsh' }, { type: 'text', text: 'green' }, { type: 'text', text: 'Friday' }] },
		]);
	});
});
