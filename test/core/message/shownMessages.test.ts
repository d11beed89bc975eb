import { describe, expect, it } from 'vitest';
import { shownMessages } from '../../../core/message/shownMessages';
import { newDraft } from '../../council/office';

const { variant } = newDraft('1');
const summary = { message: { header: null, body: 'We grit Route 1 tonight.', footer: null, buttons: [] }, audience: { description: '', count: 1, byArea: [], leftOut: { optedOut: 0, unreachable: 0 } }, cost: null, warnings: [] };

function draftOf(...variants: Array<typeof variant>) {
	const content = { v: 1 as const, channel: '1', mode: 'live' as const, service: '', title: '', category: 'UTILITY', variants, audience: { query: { topic: '', areas: null }, count: 1, root: '' }, notBefore: '', notAfter: '', correction: null, feed: null };
	return { content, summary };
}

describe('the messages of a draft', () => {
	it('are one for each language, from the template and the values that are signed', () => {
		const components = [
			{ type: 'HEADER', format: 'TEXT', text: 'Graeanu heno' },
			{ type: 'BODY', text: 'Rydym yn graeanu {{routes}} heno.' },
			{ type: 'FOOTER', text: 'Aldersea' },
			{ type: 'BUTTONS', buttons: [{ type: 'QUICK_REPLY', text: 'Stopio' }] },
		];
		const welsh = { ...variant, contentLanguage: 'cy', parameters: { body_routes: 'Llwybr 1' }, templateContent: { ...variant.templateContent, components } };
		expect(shownMessages(draftOf(variant, welsh))).toEqual([
			{ language: 'en', message: summary.message },
			{ language: 'cy', message: { header: 'Graeanu heno', body: 'Rydym yn graeanu Llwybr 1 heno.', footer: 'Aldersea', buttons: [{ kind: 'quick_reply', text: 'Stopio' }] } },
		]);
	});

	it('are none where there is no language', () => {
		expect(shownMessages(draftOf())).toEqual([]);
	});
});
