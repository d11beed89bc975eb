import { describe, expect, it } from 'vitest';
import { readKnobFlags } from '../../../apps/sandbox/knobFlags';
import { describeKnobs } from '../../../apps/sandbox/knobs';

describe('--knob NAME=VALUE', () => {
	it.each([
		['blockedByResident=131026', { blockedByResident: '131026' }],
		['messagingLimitCode=131049', { messagingLimitCode: 131049 }],
		['sentLatencyMs=[5, 10]', { sentLatencyMs: [5, 10] }],
		['failuresBySuffix=false', { failuresBySuffix: false }],
		['noReadReceipts=0.5', { noReadReceipts: 0.5 }],
		['feed=mild', { feed: 'mild' }],
		['feed="mild"', { feed: 'mild' }],
	])('takes %s as the knob wants it', (flag, turned) => {
		expect(readKnobFlags([flag])).toEqual(turned);
	});

	it('takes every knob at each value that the help names, and leaves the others where they are', () => {
		for (const { name, values, default: otherwise } of describeKnobs()) {
			for (const value of values ?? [otherwise]) expect(readKnobFlags([`${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`])).toEqual({ [name]: value });
		}
	});

	it('takes several, of which the last counts', () => {
		expect(readKnobFlags(['feed=mild', 'bsuid=off', 'feed=stale'])).toEqual({ feed: 'stale', bsuid: 'off' });
	});

	it.each([
		['colour=red', /^There is no knob colour\. .*--help/],
		['feed', /^feed is not NAME=VALUE/],
		['feed=tropical', /^The knob feed cannot be tropical\. It is one of cold, mild, empty, stale, failed\.$/],
		['noReadReceipts=2', /^The knob noReadReceipts cannot be 2\. .*less than or equal to 1/],
		['sentLatencyMs=[20', /^The knob sentLatencyMs cannot be \[20\./],
		['constructor=1', /^There is no knob constructor\./],
	])('says what is wrong with %s', (flag, words) => {
		expect(() => readKnobFlags([flag])).toThrow(words);
	});
});
