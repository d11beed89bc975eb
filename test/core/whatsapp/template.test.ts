import { describe, expect, it } from 'vitest';

import { parseTemplate } from '../../../core/whatsapp/template';
import { templateContent } from '../../../core/whatsapp/templateContent';
import { gritting, grittingEntry } from './sampleTemplates';

describe('a template', () => {
	it('is read as Meta lists it', () => {
		expect(gritting).toMatchObject({ id: '564750795574598', name: 'gritting_notice', language: 'en_GB', status: 'APPROVED', category: 'UTILITY', parameterFormat: 'NAMED', ttlSeconds: 14400 });
		expect(gritting.correctCategory).toBeUndefined();
	});

	it('tells of another category only when that differs from its own', () => {
		expect(parseTemplate({ ...grittingEntry, correct_category: 'MARKETING' }).correctCategory).toBe('MARKETING');
		expect(parseTemplate({ ...grittingEntry, correct_category: 'UTILITY' }).correctCategory).toBeUndefined();
	});

	it('keeps its components when Meta adds fields or spoils an example', () => {
		const components = [{ type: 'BODY', text: 'Hello', example: 'broken', novelty: 1 }, { type: 'SPARKLE', glow: [1] }];
		expect(parseTemplate({ ...grittingEntry, components }).components).toMatchObject([{ text: 'Hello', novelty: 1 }, { type: 'SPARKLE', glow: [1] }]);
	});

	it.each([undefined, null, 'x', [], {}, { ...grittingEntry, name: '' }, { ...grittingEntry, components: [{ text: 1 }] }, { ...grittingEntry, parameter_format: 'ODD' }])(
		'is refused in words when it is %j',
		(entry) => {
			expect(() => parseTemplate(entry)).toThrowError(expect.objectContaining({ code: 'whatsapp.refused' }));
		},
	);
});

describe('the content of a template', () => {
	const contentOf = (change: object) => JSON.stringify(templateContent(parseTemplate({ ...grittingEntry, ...change })));
	const changed = (at: number, change: object) => ({ components: grittingEntry.components.map((component, i) => (i === at ? { ...component, ...change } : component)) });

	it('does not change with status, quality, time to live, examples or new fields of known parts', () => {
		const same = [{ status: 'PAUSED' }, { quality_score: { score: 'RED' } }, { message_send_ttl_seconds: 60 }, { id: '9' }, changed(1, { example: undefined }), changed(1, { novelty: 1 })];
		for (const change of same) expect(contentOf(change)).toBe(contentOf({}));
	});

	it('changes with everything that a resident sees, and with the category', () => {
		const other = [
			{ name: 'x' },
			{ language: 'en' },
			{ category: 'MARKETING' },
			{ parameter_format: 'POSITIONAL' },
			changed(0, { text: 'Other' }),
			changed(0, { format: 'IMAGE' }),
			changed(1, { text: 'Other' }),
			changed(2, { text: 'Other' }),
			changed(3, { buttons: [] }),
			changed(3, { buttons: [{ type: 'URL', text: 'See map', url: 'https://other.example/{{1}}' }] }),
			{ components: [...grittingEntry.components].reverse() },
			{ components: [...grittingEntry.components, { type: 'CAROUSEL', cards: [] }] },
		];
		const seen = new Set([contentOf({}), ...other.map(contentOf)]);
		expect(seen.size).toBe(other.length + 1);
	});

	it('takes an unknown part whole, but for its examples', () => {
		const content = templateContent(parseTemplate({ ...grittingEntry, components: [{ type: 'CAROUSEL', cards: [{ components: [{ type: 'BODY', text: 'A', example: { x: 1 } }] }] }] }));
		expect(content.components).toEqual([{ type: 'CAROUSEL', cards: [{ components: [{ type: 'BODY', text: 'A' }] }] }]);
	});

	it('is plain JSON', () => {
		const content = templateContent(gritting);
		expect(JSON.parse(JSON.stringify(content))).toEqual(content);
	});
});
