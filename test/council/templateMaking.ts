import fc from 'fast-check';

import type { Template } from '../../core/whatsapp/template';
import { type ParameterField, type TemplateValues, parameterFields } from '../../core/whatsapp/templateParameters';
import { headerMediaKind } from '../../core/whatsapp/templateScope';
import { cardsOf } from '../../core/whatsapp/templateCards';

/** Templates of every family as an author would write them, and values that fill them. */

type Part = Record<string, unknown>;
export type Format = 'NAMED' | 'POSITIONAL';

const variableNames = ['day', 'place', 'route', 'time'];

/** Fixed words around up to `most` gaps, with an example for each. */
function wordsWith(format: Format, most: number, of: 'body' | 'header'): fc.Arbitrary<Part> {
	return fc.integer({ min: 0, max: most }).map((count) => {
		const names = Array.from({ length: count }, (_, at) => (format === 'NAMED' ? (variableNames[at] ?? 'x') : String(at + 1)));
		const text = `Come and see us${names.map((name) => ` then at {{${name}}} with all`).join('')} today`;
		if (count === 0) return { text };
		const example = format === 'NAMED' ? { [`${of}_text_named_params`]: names.map((param_name) => ({ param_name, example: 'noon' })) } : { [`${of}_text`]: of === 'body' ? [names.map(() => 'noon')] : names.map(() => 'noon') };
		return { text, example };
	});
}

const body = (format: Format, most = 4): fc.Arbitrary<Part> => wordsWith(format, most, 'body').map((words) => ({ type: 'BODY', ...words }));
const media = (kind: string): Part => ({ type: 'HEADER', format: kind, example: { header_handle: ['4::a'] } });
const header = (format: Format): fc.Arbitrary<Part[]> =>
	fc.oneof(
		fc.constant<Part[]>([]),
		wordsWith(format, 1, 'header').map((words): Part[] => [{ type: 'HEADER', format: 'TEXT', ...words }]),
		fc.constantFrom('IMAGE', 'VIDEO', 'DOCUMENT').map((kind) => [media(kind)]),
		fc.constant<Part[]>([{ type: 'HEADER', format: 'LOCATION' }]),
	);

const links: Part[] = [
	{ type: 'URL', text: 'See it', url: 'https://aldersea.example/see/{{1}}', example: ['https://aldersea.example/see/a'] },
	{ type: 'URL', text: 'Find us', url: 'https://aldersea.example/find' },
];
const ring: Part = { type: 'PHONE_NUMBER', text: 'Ring us', phone_number: '+441632960000' };
const code: Part = { type: 'COPY_CODE', example: 'SWIM26' };
const answers: Part[] = [{ type: 'QUICK_REPLY', text: 'I will come' }, { type: 'QUICK_REPLY', text: 'Stop these' }];
const form: Part = { type: 'FLOW', text: 'Fill it in', flow_id: '7421' };
const ask: Part = { type: 'REQUEST_CONTACT_INFO' };

/** Quick replies stand together, before or after the others. */
const buttons: fc.Arbitrary<Part[]> = fc.tuple(fc.subarray(answers), fc.subarray([...links, ring, code, form, ask]), fc.boolean()).map(([quick, others, first]) => {
	const list = first ? [...quick, ...others] : [...others, ...quick];
	return list.length === 0 ? [] : [{ type: 'BUTTONS', buttons: list }];
});

const plain = (format: Format): fc.Arbitrary<Part[]> =>
	fc.tuple(header(format), body(format), fc.constantFrom<Part[]>([], [{ type: 'FOOTER', text: 'Aldersea Borough Council' }]), buttons).map(([top, words, foot, list]) => [...top, words, ...foot, ...list]);

const offer = (format: Format): fc.Arbitrary<Part[]> =>
	fc.tuple(fc.constantFrom<Part[]>([], [media('IMAGE')], [media('VIDEO')]), body(format), fc.boolean(), fc.boolean(), fc.subarray(links, { minLength: 1 })).map(([top, words, ends, coded, list]) => [
		...top,
		{ type: 'LIMITED_TIME_OFFER', limited_time_offer: { text: 'Half price!', ...(ends && { has_expiration: true }) } },
		words,
		{ type: 'BUTTONS', buttons: [...(ends || coded ? [code] : []), ...list] },
	]);

const carousel = (format: Format): fc.Arbitrary<Part[]> =>
	fc
		.record({ words: body(format), kind: fc.constantFrom('IMAGE', 'VIDEO'), worded: fc.boolean(), list: fc.subarray([...links, ring, ...answers], { maxLength: 2 }), count: fc.integer({ min: 2, max: 10 }) })
		.chain(({ words, kind, worded, list, count }) =>
			fc.array(body(format, 2), { minLength: count, maxLength: count }).map((texts) => [
				words,
				{ type: 'CAROUSEL', cards: texts.map((text) => ({ components: [media(kind), ...(worded ? [text] : []), ...(list.length === 0 ? [] : [{ type: 'BUTTONS', buttons: list }])] })) },
			]),
		);

/** The body of a creation, but for its name. */
export const anyDefinition: fc.Arbitrary<Part> = fc.constantFrom<Format>('NAMED', 'POSITIONAL').chain((parameter_format) =>
	fc.oneof(plain(parameter_format), offer(parameter_format), carousel(parameter_format)).map((components) => ({ language: 'en_GB', category: 'MARKETING', parameter_format, components })),
);

/** Ids of uploads, by the kind of file. */
export type Uploads = Readonly<Record<'image' | 'video' | 'document', string>>;

const words = fc.string({ unit: fc.constantFrom(...'aŵé7£😀’'), minLength: 1, maxLength: 12 });

/** Values that fit, for every field that has to be filled and some of the others. */
export function anyValues(template: Template, uploads: Uploads, endsAfter: number): fc.Arbitrary<Record<string, string>> {
	const fields = parameterFields(template);
	return fc.record(
		Object.fromEntries(fields.map((field) => [field.key, valueFor(field, template, uploads, endsAfter)])),
		// An address alone is refused, so both or neither are given.
		{ requiredKeys: fields.filter(({ required, kind }) => required || kind === 'placeName' || kind === 'placeAddress').map(({ key }) => key) },
	);
}

function valueFor({ kind, cardIndex }: ParameterField, template: Template, uploads: Uploads, endsAfter: number): fc.Arbitrary<string> {
	switch (kind) {
		case 'media': {
			const shown = headerMediaKind(cardIndex === undefined ? template : (cardsOf(template)[cardIndex] ?? template)) ?? 'image';
			return fc.constantFrom(uploads[shown], 'https://aldersea.example/file');
		}
		case 'latitude':
		case 'longitude':
			return fc.double({ min: -90, max: 90, noNaN: true }).map((degrees) => degrees.toFixed(4));
		case 'linkEnd':
			return fc.webPath({ size: '-1' }).map((path) => `a${path}`);
		case 'code':
			return fc.string({ unit: fc.constantFrom(...'AB29-'), minLength: 1, maxLength: 15 });
		case 'moment':
			return fc.integer({ min: endsAfter + 60_000, max: endsAfter + 3_000_000_000 }).map((at) => new Date(at).toISOString());
		case 'flowData':
			return fc.dictionary(fc.constantFrom('street', 'depth'), fc.oneof(words, fc.integer()), { minKeys: 1 }).map((data) => JSON.stringify(data));
		case 'filename':
			return words.map((name) => `${name}.pdf`);
		default:
			return words;
	}
}

/**
 * One value made unfit: a gap filled with what no gap takes, or with too much. `asked` is false for what never becomes part
 * of a message (an empty field, a date that is none) and for the length of a filled link, which Meta's pages leave open.
 */
export function spoilt(template: Template, values: TemplateValues): Array<{ key: string; values: TemplateValues; asked: boolean }> {
	const neverSent = new Set(['', 'tomorrow', 'north', '{}', '[]', 'x'.repeat(2001)]);
	const bad: Partial<Record<ParameterField['kind'], string[]>> = {
		text: ['', 'a\nb', 'a\tb', 'a     b', 'x'.repeat(1025)],
		linkEnd: ['', 'a b', 'é', 'x'.repeat(2001)],
		media: ['', 'file:///etc/passwd'],
		latitude: ['91', 'north'],
		code: ['', 'x'.repeat(16)],
		payload: ['x'.repeat(129)],
		moment: ['', 'tomorrow'],
		flowData: ['{}', '[]'],
	};
	return parameterFields(template).flatMap(({ key, kind }) => (bad[kind] ?? []).map((value) => ({ key, values: { ...values, [key]: value }, asked: !neverSent.has(value) })));
}
