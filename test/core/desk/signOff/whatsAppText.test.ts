import fc from 'fast-check';
import { html } from 'hono/html';
import { describe, expect, it } from 'vitest';
import { whatsAppText } from '../../../../core/desk/signOff/whatsAppText';

const shown = async (text: string) => (await html`${whatsAppText(text)}`).toString();

describe('the marks of WhatsApp', () => {
	it.each([
		['We grit *Route 1* tonight.', 'We grit <strong>Route 1</strong> tonight.'],
		['_Take care_, ~not today~', '<em>Take care</em>, <s>not today</s>'],
		['*_both_*', '<strong><em>both</em></strong>'],
		['code ```AB *12*```.', 'code <code>AB *12*</code>.'],
		['*a* and *b*', '<strong>a</strong> and <strong>b</strong>'],
		['*سنرش* الليلة', '<strong>سنرش</strong> الليلة'],
	])('turn %s into type', async (text, expected) => {
		expect(await shown(text)).toBe(expected);
	});

	it.each(['2*3*4', '* a list', 'snake_case_name', '*over\nlines*', '**', '* *', 'one *star', '~', '```', 'a ~ b ~ c'])('leave %j as it stands', async (text) => {
		expect(await shown(text)).toBe(text);
	});

	it('keep every character of any text, and let no markup through', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(fc.constantFrom('*', '_', '~', '```', 'a', ' ', '\n', '<b>', '&', '"', '🙂', 'ש')).map((parts) => parts.join('')), async (text) => {
				const markup = await shown(text);
				const outside = markup.replace(/<\/?(?:strong|em|s|code)>/g, '');
				expect(outside).not.toContain('<');
				const plain = outside.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
				expect(plain.replace(/[*_~`]/g, '')).toBe(text.replace(/[*_~`]/g, ''));
			}),
		);
	});

	it('take no time over a text made to take it', async () => {
		const started = performance.now();
		for (const text of ['*a '.repeat(2700), '_'.repeat(8000), '*_~'.repeat(2700), '```a'.repeat(2000)]) await shown(text);
		expect(performance.now() - started).toBeLessThan(3000);
	});
});
