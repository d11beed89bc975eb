import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contentKey } from '../../../../core/dispatch/direct/contentKey';
import type { MessageContent } from '../../../../core/whatsapp/messages/content';
import { startOffice, type Office } from '../../../council/office';
import { within } from '../../../council/tables';

let office: Office;
beforeAll(async () => {
	office = await startOffice({ residents: 1 });
	// Two files that were uploaded.
	await within(office.store, async ({ sql }) => {
		for (const [lookup, media] of [['one', '100001'], ['two', '200001']] as const) {
			await sql.run("INSERT INTO media_upload (channel_id, content_lookup, media_id, mime_type, bytes, uploaded_at, expires_at) VALUES (?, ?, ?, 'image/png', 1, 0, 1)", office.settings.id, lookup, media);
		}
	});
});
afterAll(() => office.stop());

const keyOf = (content: MessageContent) => within(office.store, (context) => contentKey(context, office.settings.id, content));

/** What a person sees of a message. Each word is a field of its own, so that each can be another one. */
const shown = fc.record({
	header: fc.constantFrom('Roads', 'Bins'),
	body: fc.constantFrom('We grit tonight', 'We do not grit tonight'),
	footer: fc.constantFrom('Aldersea', 'Highways'),
	one: fc.constantFrom('Yes', 'Maybe'),
	two: fc.constantFrom('No', 'Later'),
	menu: fc.constantFrom('Choose', 'Pick'),
	section: fc.constantFrom('North', 'South'),
	note: fc.constantFrom('Before six', 'After six'),
	file: fc.constantFrom('100001', '200001'),
	place: fc.constantFrom(53.28, 53.29),
	code: fc.constantFrom('GRIT10', 'GRIT20'),
});
type Shown = typeof shown extends fc.Arbitrary<infer Value> ? Value : never;

const id = fc.stringMatching(/^[a-z0-9]{1,12}$/);
/** What nobody sees: what comes back when something is tapped, where a button leads, how a file is fetched, and settings. */
const hidden = fc.record({
	first: id,
	second: id,
	link: id,
	preview: fc.constantFrom(undefined, true, false),
	nudge: fc.integer({ min: 0, max: 9 }),
	payload: fc.boolean(),
	given: fc.constantFrom('Highways', 'Roads'),
	waId: fc.constantFrom(undefined, '441632960123'),
});
type Hidden = typeof hidden extends fc.Arbitrary<infer Value> ? Value : never;

/** Every kind of message, and which of the fields above it shows. */
const kinds: Record<string, { shows: Array<keyof Shown>; make: (shown: Shown, hidden: Hidden) => MessageContent }> = {
	text: { shows: ['body'], make: ({ body }, { preview }) => ({ type: 'text', body, previewUrl: preview }) },
	buttons: {
		shows: ['header', 'body', 'footer', 'one', 'two'],
		make: ({ header, body, footer, one, two }, { first, second }) => ({
			type: 'buttons',
			header: { type: 'text', text: header },
			body,
			footer,
			buttons: [
				{ id: `a${first}`, title: one },
				{ id: `b${second}`, title: two },
			],
		}),
	},
	'buttons under a picture': {
		shows: ['file', 'body', 'one'],
		make: ({ file, body, one }, { first }) => ({ type: 'buttons', header: { type: 'image', media: { id: file } }, body, buttons: [{ id: first, title: one }] }),
	},
	list: {
		shows: ['header', 'body', 'footer', 'menu', 'section', 'one', 'two', 'note'],
		make: ({ header, body, footer, menu, section, one, two, note }, { first, second }) => ({
			type: 'list',
			header: { type: 'text', text: header },
			body,
			footer,
			button: menu,
			sections: [
				{
					title: section,
					rows: [
						{ id: `a${first}`, title: one, description: note },
						{ id: `b${second}`, title: two },
					],
				},
			],
		}),
	},
	link: {
		shows: ['body', 'one'],
		make: ({ body, one }, { link }) => ({ type: 'link', body, displayText: one, url: `https://aldersea.example/${link}?from=${link}#${link}` }),
	},
	'picture by id': { shows: ['file', 'body'], make: ({ file, body }) => ({ type: 'image', media: { id: file }, caption: body }) },
	'picture by link': { shows: ['file', 'body'], make: ({ file, body }, { link }) => ({ type: 'image', media: { link: `https://aldersea.example/${file}.jpg?v=${link}#${link}` }, caption: body }) },
	document: { shows: ['file', 'body', 'one'], make: ({ file, body, one }) => ({ type: 'document', media: { id: file }, caption: body, filename: `${one}.pdf` }) },
	'voice note': { shows: ['file'], make: ({ file }, { preview }) => ({ type: 'audio', media: { id: file }, voice: preview }) },
	sticker: { shows: ['file'], make: ({ file }) => ({ type: 'sticker', media: { id: file } }) },
	location: {
		shows: ['place', 'one', 'note'],
		make: ({ place, one, note }, { nudge }) => ({ type: 'location', latitude: place + nudge * 1e-6, longitude: -3.83 - nudge * 1e-6, name: one, address: note }),
	},
	'location request': { shows: ['body'], make: ({ body }) => ({ type: 'locationRequest', body }) },
	contacts: {
		shows: ['one', 'two', 'note'],
		make: ({ one, two, note }, { given, waId }) => ({
			type: 'contacts',
			contacts: [{ name: { formattedName: one, firstName: given }, phones: [{ phone: '+44 1632 960123', type: two, waId }], org: { company: note }, addresses: [{ city: 'Aldersea', countryCode: waId === undefined ? undefined : 'gb' }] }],
		}),
	},
	template: {
		shows: ['file', 'body', 'one', 'code'],
		make: ({ file, body, one, code }, { first, link, payload }) => ({
			type: 'template',
			name: 'gritting_notice',
			language: 'en_GB',
			components: [
				{ type: 'header', parameters: [{ type: 'image', image: { id: file } }] },
				{ type: 'body', parameters: [{ type: 'text', parameter_name: 'what', text: body }, { type: 'text', parameter_name: 'which', text: one }] },
				{ type: 'button', sub_type: 'copy_code', index: '0', parameters: [{ type: 'coupon_code', coupon_code: code }] },
				{ type: 'button', sub_type: 'url', index: '1', parameters: [{ type: 'text', text: link }] },
				...(payload ? [{ type: 'button' as const, sub_type: 'quick_reply' as const, index: '2', parameters: [{ type: 'payload' as const, payload: first }] }] : []),
			],
		}),
	},
	'template with a place': {
		shows: ['place', 'one'],
		make: ({ place, one }, { nudge }) => ({
			type: 'template',
			name: 'gritting_notice',
			language: 'en_GB',
			components: [{ type: 'header', parameters: [{ type: 'location', location: { latitude: place + nudge * 1e-6, longitude: -3.83, name: one } }] }],
		}),
	},
};

describe.each(Object.entries(kinds))('the same content to several people, as %s', (_, { shows, make }) => {
	it('is known by what they see, whatever else differs', async () => {
		await fc.assert(
			fc.asyncProperty(shown, hidden, hidden, async (seen, one, other) => {
				expect(await keyOf(make(seen, one))).toBe(await keyOf(make(seen, other)));
			}),
			{ numRuns: 25 },
		);
	});

	it('is another one as soon as they see something else', async () => {
		await fc.assert(
			fc.asyncProperty(shown, shown, hidden, fc.constantFrom(...shows), async (seen, other, unseen, field) => {
				fc.pre(seen[field] !== other[field]);
				expect(await keyOf(make(seen, unseen))).not.toBe(await keyOf(make({ ...seen, [field]: other[field] }, unseen)));
			}),
			{ numRuns: 25 },
		);
	});
});

describe('words', () => {
	it('are the same with signs in them that nobody sees', async () => {
		const plain = await keyOf({ type: 'text', body: 'We grit tonight' });
		for (const sign of ['\u200b', '\u00ad', '\ufeff', '\u2060', '\u3164', '\u034f', '\ufe0f', '\u{e0061}']) {
			expect([sign.codePointAt(0), await keyOf({ type: 'text', body: `We gr${sign}it tonight${sign}` })]).toEqual([sign.codePointAt(0), plain]);
		}
		for (const body of ['we GRIT tonight!', ' We  grit\ntonight. ', '*We* _grit_ ~tonight~', 'Ｗｅ grit tonight']) expect(await keyOf({ type: 'text', body })).toBe(plain);
	});

	it('of another kind of message are another content', async () => {
		const keys = await Promise.all([keyOf({ type: 'text', body: 'Where?' }), keyOf({ type: 'locationRequest', body: 'Where?' }), keyOf({ type: 'buttons', body: 'Where?', buttons: [{ id: '1', title: 'Here' }] })]);
		expect(new Set(keys).size).toBe(3);
	});
});

describe('a place', () => {
	it('is another one on the other side of the equator or of Greenwich, but not a step from it', async () => {
		const at = (latitude: number, longitude: number) => keyOf({ type: 'location', latitude, longitude });
		expect(new Set([await at(5, 3), await at(-5, 3), await at(5, -3), await at(-5, -3)]).size).toBe(4);
		expect(await at(0.000001, 0.000001)).toBe(await at(-0.000001, -0.000001));
	});
});

describe('a reaction', () => {
	it('belongs to the message it is on, which the person sees', async () => {
		const on = (messageId: string, emoji = '👍') => keyOf({ type: 'reaction', messageId, emoji });
		expect(await on('wamid.1')).not.toBe(await on('wamid.2'));
		expect(await on('wamid.1')).not.toBe(await on('wamid.1', '❤️'));
	});
});
