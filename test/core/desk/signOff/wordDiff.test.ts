import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wordDiff, type Stretch } from '../../../../core/desk/signOff/wordDiff';

const only = (stretches: Stretch[], ...kinds: Array<Stretch['kind']>) =>
	stretches
		.filter(({ kind }) => kinds.includes(kind))
		.map(({ text }) => text)
		.join('');

describe('what changed between two texts', () => {
	it('is told word by word', () => {
		expect(wordDiff('We grit Route 1 tonight.', 'We grit Route 3 tonight and tomorrow.')).toEqual([
			{ kind: 'same', text: 'We grit Route ' },
			{ kind: 'gone', text: '1' },
			{ kind: 'new', text: '3' },
			{ kind: 'same', text: ' tonight' },
			{ kind: 'new', text: ' and tomorrow' },
			{ kind: 'same', text: '.' },
		]);
	});

	it('takes a time or a sum as one word', () => {
		expect(wordDiff('from 17:00, £1,204.50', 'from 18:00, £1,304.50').filter(({ kind }) => kind !== 'same').map(({ text }) => text)).toEqual(['17:00,', '18:00,', '£1,204.50', '£1,304.50']);
	});

	it('finds words where a language puts no spaces', () => {
		expect(only(wordDiff('今夜は道路に塩をまきます', '明日は道路に塩をまきます', 'ja'), 'same')).toBe('は道路に塩をまきます');
	});

	it('is everything that stayed and went, and everything that stayed and came, for any two texts in any language', () => {
		const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.array(fc.constantFrom('Route', ' ', '1', '\n', 'سنرش', '👩‍🚒', '\u202E', '*', '.')).map((parts) => parts.join('')));
		fc.assert(
			fc.property(text, text, fc.constantFrom('en', 'cy', 'ar', 'ja', '"><script>'), (before, after, language) => {
				const stretches = wordDiff(before, after, language);
				expect(only(stretches, 'same', 'gone')).toBe(before);
				expect(only(stretches, 'same', 'new')).toBe(after);
				if (before === after) expect(stretches.every(({ kind }) => kind === 'same')).toBe(true);
			}),
		);
	});

	it('replaces the one by the other when both are far longer than any message', () => {
		const [before, after] = ['a '.repeat(3000), 'b '.repeat(3000)];
		expect(wordDiff(before, after)).toEqual([
			{ kind: 'gone', text: before.trim() },
			{ kind: 'new', text: after.trim() },
			{ kind: 'same', text: ' ' },
		]);
	});
});
