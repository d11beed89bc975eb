import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { draftDigest, type DraftContent } from '../../../core/message/draftContent';

const content: DraftContent = {
	v: 1,
	channel: '106540352242922',
	mode: 'live',
	service: 'Highways',
	title: 'Gritting tonight',
	category: 'UTILITY',
	variants: [
		{
			contentLanguage: 'en',
			template: 'gritting_notice',
			templateLanguage: 'en_GB',
			templateContent: {
				name: 'gritting_notice',
				language: 'en_GB',
				category: 'UTILITY',
				parameter_format: 'NAMED',
				components: [
					{ type: 'HEADER', format: 'TEXT', text: 'Gritting tonight' },
					{ type: 'BODY', text: 'We grit {{routes}} at {{time}}.' },
					{ type: 'BUTTONS', buttons: [{ type: 'URL', text: 'See the map', url: 'https://aldersea.example/map' }] },
				],
			},
			parameters: { body_routes: 'Routes 1 and 2', body_time: '18:00' },
		},
	],
	audience: { query: { topic: 'winter-roads', areas: ['route-1', 'route-2'] }, count: 20, root: 'ab'.repeat(32) },
	notBefore: '2026-11-20T15:00:00.000Z',
	notAfter: '2026-11-21T03:00:00.000Z',
	correction: null,
	feed: { source: 'open-meteo', id: 'aldersea-1', time: '2026-11-20T12:00:00Z', hash: 'cd'.repeat(32) },
};

type Path = Array<string | number>;

/** Every place in the content that holds a value, and every one that holds several. */
function placesIn(value: unknown, path: Path = []): Path[] {
	if (typeof value !== 'object' || value === null) return [path];
	const inner = Array.isArray(value) ? value.map((entry, i) => [i, entry] as const) : Object.entries(value);
	return [...(path.length === 0 ? [] : [path]), ...inner.flatMap(([key, entry]) => placesIn(entry, [...path, key]))];
}

function mutate(path: Path, change: (value: unknown) => unknown): DraftContent {
	const copy = structuredClone(content) as unknown;
	let holder = copy as Record<string | number, unknown>;
	for (const step of path.slice(0, -1)) holder = holder[step] as Record<string | number, unknown>;
	const last = path.at(-1) ?? '';
	holder[last] = change(holder[last]);
	return copy as DraftContent;
}

/** One change of one value: another text, number, order, or one entry more or less. */
const changes = fc.oneof(
	fc.record({ kind: fc.constant('insert' as const), at: fc.nat(), what: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 3 }) }),
	fc.record({ kind: fc.constant('delete' as const), at: fc.nat(), what: fc.constant('') }),
	fc.record({ kind: fc.constant('case' as const), at: fc.nat(), what: fc.constant('') }),
	fc.record({ kind: fc.constant('replace' as const), at: fc.nat(), what: fc.oneof(fc.constant(''), fc.string({ unit: 'grapheme' })) }),
);

function apply(value: unknown, { kind, at, what }: { kind: string; at: number; what: string }): unknown {
	if (typeof value === 'string') {
		const place = value.length === 0 ? 0 : at % value.length;
		if (kind === 'insert') return value.slice(0, place) + what + value.slice(place);
		if (kind === 'delete') return value.slice(0, place) + value.slice(place + 1);
		if (kind === 'case') return value === value.toUpperCase() ? value.toLowerCase() : value.toUpperCase();
		return what;
	}
	if (typeof value === 'number') return value + 1 + (at % 1000);
	if (value === null) return what;
	if (Array.isArray(value)) return kind === 'delete' ? value.slice(1) : kind === 'case' ? [...value, value[0]] : [what, ...(value as unknown[])];
	const object = { ...(value as Record<string, unknown>) };
	if (kind === 'delete') delete object[Object.keys(object)[at % Object.keys(object).length] ?? ''];
	else object[`added${what}`] = what;
	return object;
}

describe('the digest of a draft', () => {
	it('changes with any single change of anything in it', () => {
		const digest = draftDigest(content);
		const places = placesIn(content);
		expect(places.length).toBeGreaterThan(40);
		fc.assert(
			fc.property(fc.constantFrom(...places), changes, (path, change) => {
				const changed = mutate(path, (value) => apply(value, change));
				fc.pre(JSON.stringify(changed) !== JSON.stringify(content));
				expect(draftDigest(changed)).not.toBe(digest);
			}),
			{ numRuns: 1500 },
		);
	});

	it('is the same for the same content, in whatever order its fields were written', () => {
		const reversed = (value: unknown): unknown =>
			Array.isArray(value)
				? value.map(reversed)
				: typeof value === 'object' && value !== null
					? Object.fromEntries(Object.entries(value).reverse().map(([key, inner]) => [key, reversed(inner)]))
					: value;
		expect(draftDigest(reversed(content) as DraftContent)).toBe(draftDigest(content));
	});

	it('is fixed for ever: a change of its making would void every sign-off', () => {
		expect(draftDigest(content)).toMatchInlineSnapshot(`"bb347cbc4c0713ca70bf0314a805e825212889f743c2acefd0a2ed54663cef17"`);
	});

	it('tells apart texts that only look the same', () => {
		const titles = ['Gritting', 'Grit\u00ADting', 'Gritting ', 'Gritti\u200Bng', 'Grıtting', 'Café', 'Cafe\u0301'];
		expect(new Set(titles.map((title) => draftDigest({ ...content, title }))).size).toBe(titles.length);
	});
});
