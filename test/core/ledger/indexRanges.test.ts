import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IndexRanges } from '../../../core/ledger/indexRanges';

const range = fc.tuple(fc.nat({ max: 60 }), fc.nat({ max: 6 })).map(([first, length]): [number, number] => [first, first + length]);
const some = fc.array(range, { maxLength: 12 });

function ranges(of: [number, number][]): IndexRanges {
	const made = new IndexRanges();
	for (const [first, last] of of) made.add(first, last);
	return made;
}

const members = (of: readonly (readonly [number, number])[]): Set<number> =>
	new Set(of.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => first + i)));

describe('index ranges', () => {
	it('keep neighbours as one range', () => {
		expect(ranges([[3, 3], [4, 4], [5, 9], [11, 11]]).ranges).toEqual([[3, 9], [11, 11]]);
	});

	it('hold exactly what was added, ascending and apart, in whatever order it came', () => {
		fc.assert(
			fc.property(some, (added) => {
				const made = ranges(added);
				expect(members(made.ranges)).toEqual(members(added));
				expect(made.count).toBe(members(added).size);
				for (const [i, [first]] of made.ranges.entries()) if (i > 0) expect(first).toBeGreaterThan((made.ranges[i - 1]?.[1] ?? 0) + 1);
			}),
		);
	});

	it('leave what the others do not hold', () => {
		fc.assert(
			fc.property(some, some, (these, others) => {
				const taken = members(others);
				expect(members(ranges(these).without(ranges(others)).ranges)).toEqual(new Set([...members(ranges(these).ranges)].filter((index) => !taken.has(index))));
			}),
		);
	});
});
