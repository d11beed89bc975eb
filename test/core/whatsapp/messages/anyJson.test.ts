import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type MessageContent, checkMessage, contentPayload } from '../../../../core/whatsapp/messages/content';

const media = { id: '17' };
const card = { card_index: 0, components: [{ type: 'header' as const, parameters: [{ type: 'image' as const, image: media }] }] };

/** One message of every kind with every part that it can have. */
const whole: MessageContent[] = [
	{ type: 'text', body: 'Hello', previewUrl: true },
	{ type: 'image', media, caption: 'x' },
	{ type: 'document', media: { link: 'https://aldersea.example/a.pdf' }, caption: 'x', filename: 'a.pdf' },
	{ type: 'audio', media, voice: true },
	{ type: 'sticker', media },
	{ type: 'location', latitude: 1, longitude: 2, name: 'x', address: 'y' },
	{
		type: 'contacts',
		contacts: [{ name: { formattedName: 'A B', firstName: 'A', lastName: 'B', middleName: 'x', prefix: 'x', suffix: 'x' }, phones: [{ phone: '1', type: 'WORK', waId: '1' }], emails: [{ email: 'a@b.example', type: 'WORK' }], urls: [{ url: 'https://a.example', type: 'WORK' }], addresses: [{ street: 'x', city: 'x', state: 'x', zip: 'x', country: 'x', countryCode: 'gb', type: 'WORK' }], org: { company: 'x', department: 'x', title: 'x' }, birthday: '1984-11-30' }],
	},
	{ type: 'reaction', messageId: 'wamid.IN', emoji: '👍' },
	{ type: 'buttons', header: { type: 'image', media }, body: 'x', footer: 'x', buttons: [{ id: 'y', title: 'Yes' }] },
	{ type: 'list', header: { type: 'text', text: 'x' }, body: 'x', footer: 'x', button: 'x', sections: [{ title: 'x', rows: [{ id: '1', title: 'x', description: 'x' }] }] },
	{ type: 'link', header: { type: 'document', media }, body: 'x', footer: 'x', displayText: 'x', url: 'https://a.example' },
	{ type: 'locationRequest', body: 'x' },
	{
		type: 'template',
		name: 'parks',
		language: 'en_GB',
		components: [
			{ type: 'header', parameters: [{ type: 'document', document: { ...media, filename: 'a.pdf' } }] },
			{ type: 'body', parameters: [{ type: 'text', parameter_name: 'a', text: 'x' }, { type: 'currency', currency: { fallback_value: '£5', code: 'GBP', amount_1000: 5000 } }, { type: 'date_time', date_time: { fallback_value: '1 May' } }] },
			{ type: 'limited_time_offer', parameters: [{ type: 'limited_time_offer', limited_time_offer: { expiration_time_ms: 1_798_135_200_000 } }] },
			{ type: 'button', sub_type: 'copy_code', index: '0', parameters: [{ type: 'coupon_code', coupon_code: 'A1' }] },
			{ type: 'button', sub_type: 'url', index: '1', parameters: [{ type: 'text', text: 'x' }] },
			{ type: 'button', sub_type: 'quick_reply', index: '2', parameters: [{ type: 'payload', payload: 'x' }] },
			{ type: 'button', sub_type: 'flow', index: '3', parameters: [{ type: 'action', action: { flow_token: 'x', flow_action_data: { a: 1 } } }] },
			{ type: 'carousel', cards: [card, { ...card, card_index: 1 }] },
		],
	},
	{ type: 'template', name: 'flood', language: 'en_GB', components: [{ type: 'header', parameters: [{ type: 'location', location: { latitude: 1, longitude: 2, name: 'x', address: 'y' } }] }] },
];

type Path = ReadonlyArray<string | number>;

/** Every place of a value, itself included. */
function placesIn(value: unknown, path: Path = []): Path[] {
	const inside = typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([key, inner]) => placesIn(inner, [...path, Array.isArray(value) ? Number(key) : key])) : [];
	return [path, ...inside];
}

function withValue(value: unknown, [step, ...rest]: Path, put: unknown): unknown {
	if (step === undefined) return put;
	if (Array.isArray(value)) return value.map((inner: unknown, at) => (at === step ? withValue(inner, rest, put) : inner));
	const object = value as Record<string, unknown>;
	return { ...object, [step]: withValue(object[step], rest, put) };
}

function answered(content: unknown): void {
	const problems = checkMessage(content);
	for (const { field, message } of problems) {
		expect(typeof field).toBe('string');
		expect(message).toMatch(/^[A-Z].*\.$/s);
	}
	// What fits can be sent, and survives the way there.
	if (problems.length === 0) expect(JSON.stringify(contentPayload(content as MessageContent))).toContain('"type"');
}

describe('a message that somebody else wrote', () => {
	it('fits with every part that its kind can have', () => {
		for (const content of whole) expect(checkMessage(content)).toEqual([]);
	});

	it('is answered with what is wrong, whatever it is', () => {
		fc.assert(fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withNullPrototype: true, withObjectString: true }), answered), { numRuns: 500 });
		fc.assert(fc.property(fc.constantFrom(...whole.map(({ type }) => type)), fc.dictionary(fc.constantFrom('body', 'media', 'contacts', 'header', 'buttons', 'sections', 'components', 'name', 'language', 'url'), fc.jsonValue()), (type, parts) => answered({ ...parts, type })), { numRuns: 500 });
	});

	it('is answered with what is wrong, wherever it is wrong', () => {
		const spoilt = fc.constantFrom(...whole).chain((content) => fc.record({ content: fc.constant(content), place: fc.constantFrom(...placesIn(content)), put: fc.oneof(fc.jsonValue(), fc.anything({ withNullPrototype: true }), fc.constantFrom(...whole)) }));
		fc.assert(
			fc.property(spoilt, ({ content, place, put }) => answered(withValue(content, place, put))),
			{ numRuns: 3000 },
		);
	});

	it.each<[string, unknown, string, string]>([
		['nothing', null, '', 'The message is not an object.'],
		['a list', [], '', 'The message is not an object.'],
		['no type', {}, 'type', 'The part “type” is of a kind that is not known here.'],
		['no buttons', { type: 'buttons', body: 'x' }, 'buttons', 'The part “buttons” is missing.'],
		['a button that is a text', { type: 'buttons', body: 'x', buttons: ['Yes'] }, 'buttons[0]', 'The part “buttons[0]” is not an object.'],
		['a title that is a number', { type: 'buttons', body: 'x', buttons: [{ id: 'a', title: 7 }] }, 'buttons[0].title', 'The part “buttons[0].title” is not a text.'],
		['a misspelt field', { type: 'text', body: 'x', previewURL: true }, 'previewURL', 'The part “previewURL” is not known here.'],
		['a part of a template that is not known', { type: 'template', name: 'a', language: 'en', components: [{ type: 'order_status', parameters: [] }] }, 'components[0].type', 'The part “components[0].type” is of a kind that is not known here.'],
		['a value of another kind on a button', { type: 'template', name: 'a', language: 'en', components: [{ type: 'button', sub_type: 'url', index: '0', parameters: [{ type: 'payload', payload: 'x' }] }] }, 'components[0].parameters[0]', 'The value of button 1 is of the kind payload; a button of the kind url takes text.'],
		['cards with a gap', { type: 'template', name: 'a', language: 'en', components: [{ type: 'carousel', cards: [card, { ...card, card_index: 2 }] }] }, 'components[0].cards', 'The list of cards is not numbered 0, 1, 2 in its order.'],
	])('is told apart when it is %s', (_, content, field, message) => {
		expect(checkMessage(content)).toEqual([{ field, message }]);
	});
});
