import { describe, expect, it } from 'vitest';

import { checkMessage } from '../../../core/whatsapp/messages/content';
import { checkParameters } from '../../../core/whatsapp/parameterChecks';
import { parsePhoneNumber } from '../../../core/whatsapp/phoneNumber';
import type { Template } from '../../../core/whatsapp/template';
import { templateMessage, toComponents } from '../../../core/whatsapp/templateMessage';
import { type TemplateValues, parameterFields, unsupportedParts } from '../../../core/whatsapp/templateParameters';
import { renderTemplate } from '../../../core/whatsapp/templateRendering';
import { parseUserId } from '../../../core/whatsapp/userId';
import { gritting, grittingValues, loginCode, voucher, withHeader } from './sampleTemplates';

const keys = (template: Template) => parameterFields(template).map(({ key, kind, required }) => [key, kind, required]);
const said = (template: Template, values: TemplateValues) => checkParameters(template, values).map(({ message }) => message);

/** What leaves is what the checks of an outgoing message pass, too. */
function componentsOf(template: Template, values: TemplateValues) {
	expect(said(template, values)).toEqual([]);
	const components = toComponents(template, values);
	expect(checkMessage({ type: 'template', name: template.name, language: template.language, components })).toEqual([]);
	return components;
}

describe.each(['image', 'video', 'document'] as const)('a template with a header of the kind %s', (kind) => {
	const template = withHeader(kind.toUpperCase());
	const key = `header_${kind}`;

	it('asks for the file, and can be sent', () => {
		expect(unsupportedParts(template)).toEqual([]);
		expect(parameterFields(template)[0]?.label).toBe(`${kind.slice(0, 1).toUpperCase()}${kind.slice(1)}: ID or link`);
		expect(keys(template)).toEqual([[key, 'media', true], ...(kind === 'document' ? [['header_filename', 'filename', false]] : []), ['body_1', 'text', true]]);
	});

	it('carries the file by the id of its upload or by link', () => {
		const body = { type: 'body', parameters: [{ type: 'text', text: 'Alder' }] };
		expect(componentsOf(template, { [key]: '1003383421387256', body_1: 'Alder' })).toEqual([{ type: 'header', parameters: [{ type: kind, [kind]: { id: '1003383421387256' } }] }, body]);
		expect(componentsOf(template, { [key]: 'https://aldersea.example/flood', body_1: 'Alder' })).toEqual([{ type: 'header', parameters: [{ type: kind, [kind]: { link: 'https://aldersea.example/flood' } }] }, body]);
	});

	it('shows the file in its preview', () => {
		expect(renderTemplate(template, { [key]: '17', body_1: 'Alder' })).toEqual({ headerMedia: { kind, media: { id: '17' } }, body: 'The river Alder is high.', buttons: [] });
	});

	it.each(['flood.jpg', 'ftp://aldersea.example/flood', 'https://me:secret@aldersea.example/flood', '12 34', 'https://aldersea.example/a b'])('refuses %j as a file', (value) => {
		expect(said(template, { [key]: value, body_1: 'Alder' })).toEqual([`'${kind.slice(0, 1).toUpperCase()}${kind.slice(1)}: ID or link' is neither the ID of an upload nor a whole web address.`]);
	});
});

describe('a document in the header', () => {
	const template = withHeader('DOCUMENT');

	it('goes under the name that it is given', () => {
		const values = { header_document: '1', header_filename: 'flood plan.pdf', body_1: 'Alder' };
		expect(componentsOf(template, values)[0]).toEqual({ type: 'header', parameters: [{ type: 'document', document: { id: '1', filename: 'flood plan.pdf' } }] });
		expect(renderTemplate(template, values).headerMedia).toEqual({ kind: 'document', media: { id: '1' }, filename: 'flood plan.pdf' });
	});

	it('needs no name, also when a form gives an empty one, and takes no path for one', () => {
		expect(componentsOf(template, { header_document: '1', header_filename: '', body_1: 'Alder' })[0]).toEqual({ type: 'header', parameters: [{ type: 'document', document: { id: '1' } }] });
		expect(said(template, { header_document: '1', header_filename: '../plan.pdf', body_1: 'Alder' })).toEqual(["'Document: file name' holds a slash or a character that no file name has."]);
	});
});

describe('a place in the header', () => {
	const template = withHeader('LOCATION');
	const values = { header_latitude: '53.2837', header_longitude: '-3.83', body_1: 'Alder' };

	it('is asked for in degrees, and with words if wanted', () => {
		expect(keys(template)).toEqual([
			['header_latitude', 'latitude', true],
			['header_longitude', 'longitude', true],
			['header_place_name', 'placeName', false],
			['header_place_address', 'placeAddress', false],
			['body_1', 'text', true],
		]);
	});

	it('goes out as numbers', () => {
		expect(componentsOf(template, values)[0]).toEqual({ type: 'header', parameters: [{ type: 'location', location: { latitude: 53.2837, longitude: -3.83 } }] });
		const named = { ...values, header_place_name: 'Alder Bridge', header_place_address: 'Harbour Road' };
		expect(componentsOf(template, named)[0]).toEqual({ type: 'header', parameters: [{ type: 'location', location: { latitude: 53.2837, longitude: -3.83, name: 'Alder Bridge', address: 'Harbour Road' } }] });
		expect(renderTemplate(template, named).headerPlace).toEqual({ latitude: 53.2837, longitude: -3.83, name: 'Alder Bridge', address: 'Harbour Road' });
	});

	it.each([
		['header_latitude', '90', true],
		['header_latitude', '90.0001', false],
		['header_latitude', '-90', true],
		['header_latitude', '-91', false],
		['header_longitude', '180', true],
		['header_longitude', '-180.1', false],
		['header_latitude', '53,28', false],
		['header_latitude', '53°', false],
		['header_latitude', '5e1', false],
		['header_latitude', '0x10', false],
		['header_latitude', 'NaN', false],
		['header_latitude', '', false],
	])('%s %j fits: %s', (key, value, fits) => {
		expect(said(template, { ...values, [key]: value })).toHaveLength(fits ? 0 : 1);
	});

	it('shows no address without a name', () => {
		expect(said(template, { ...values, header_place_address: 'Harbour Road' })).toEqual(["'Place: name' is empty, and an address is shown only together with a name."]);
	});
});

describe('the buttons of a template', () => {
	it('take hidden answers and a code to copy, with the example of the template; links without a gap and numbers take nothing', () => {
		expect(keys(voucher)).toEqual([['button_0', 'payload', false], ['button_1', 'payload', false], ['button_4', 'code', true]]);
		expect(parameterFields(voucher).at(-1)).toMatchObject({ label: 'Button “Copy offer code”: code to copy', example: 'GREEN26', buttonIndex: 4 });
	});

	it('are named by their position', () => {
		expect(componentsOf(voucher, { button_1: 'STOP|compost', button_4: 'GREEN26' })).toEqual([
			{ type: 'button', sub_type: 'quick_reply', index: '1', parameters: [{ type: 'payload', payload: 'STOP|compost' }] },
			{ type: 'button', sub_type: 'copy_code', index: '4', parameters: [{ type: 'coupon_code', coupon_code: 'GREEN26' }] },
		]);
	});

	it('are shown with what a tap does', () => {
		expect(renderTemplate(voucher, { button_4: 'GREEN26' }).buttons).toEqual([
			{ kind: 'quick_reply', text: 'Thanks' },
			{ kind: 'quick_reply', text: 'Stop' },
			{ kind: 'url', text: 'Where to use it', url: 'https://aldersea.example/compost' },
			{ kind: 'phone_number', text: 'Ask us', phone: '+441632960000' },
			{ kind: 'copy_code', text: 'Copy offer code', code: 'GREEN26' },
		]);
	});

	it.each([
		[{ button_4: 'x'.repeat(15) }, []],
		[{ button_4: 'x'.repeat(16) }, ["'Button “Copy offer code”: code to copy' has 16 characters; the limit is 15."]],
		[{}, ["'Button “Copy offer code”: code to copy' has no value."]],
		[{ button_4: 'GREEN26', button_0: 'x'.repeat(128) }, []],
		[{ button_4: 'GREEN26', button_0: 'x'.repeat(129) }, ["'Button “Thanks”: hidden answer (optional)' has 129 characters; the limit is 128."]],
	])('%j is within the limits, or said not to be', (values, messages) => {
		expect(said(voucher, values as unknown as TemplateValues)).toEqual(messages);
	});

	it('keep the fields of a link as they were for templates that were drafted before', () => {
		expect(toComponents(gritting, grittingValues).at(-1)).toEqual({ type: 'button', sub_type: 'url', index: '1', parameters: [{ type: 'text', text: 'route-7' }] });
	});
});

describe('a template for one-time codes', () => {
	it('takes one code, which fills text and button', () => {
		expect(unsupportedParts(loginCode)).toEqual([]);
		expect(parameterFields(loginCode)).toEqual([{ key: 'body_1', where: 'body', kind: 'code', name: '1', label: 'Code', example: '123456', required: true }]);
		expect(componentsOf(loginCode, { body_1: '482913' })).toEqual([
			{ type: 'body', parameters: [{ type: 'text', text: '482913' }] },
			{ type: 'button', sub_type: 'url', index: '0', parameters: [{ type: 'text', text: '482913' }] },
		]);
		expect(renderTemplate(loginCode, { body_1: '482913' })).toEqual({
			body: '*482913* is your verification code.',
			footer: 'This code expires in 10 minutes.',
			buttons: [{ kind: 'copy_code', text: 'Copy code', code: '482913' }],
		});
	});

	it('takes up to 15 characters', () => {
		expect(said(loginCode, { body_1: 'x'.repeat(15) })).toEqual([]);
		expect(said(loginCode, { body_1: 'x'.repeat(16) })).toEqual(["'Code' has 16 characters; the limit is 15."]);
	});

	it('goes to numbers, and not to user ids, which Meta refuses with 131062', () => {
		expect(templateMessage(parsePhoneNumber('07700 900123').number, loginCode, { body_1: '482913' }).to).toBe('+447700900123');
		expect(() => templateMessage(parseUserId('GB.1349abc'), loginCode, { body_1: '482913' })).toThrowError(expect.objectContaining({ code: 'template.parameters' }));
		expect(templateMessage(parseUserId('GB.1349abc'), gritting, grittingValues).to).toBe('GB.1349abc');
	});
});
