import { describe, expect, it } from 'vitest';
import { describeAudience } from '../../../core/audience/audienceQuery';
import { codeFor, topicName } from '../../../core/audience/code';

describe('an audience in plain words', () => {
	const names = new Map([
		['route-3', 'Route 3'],
		['route-5', 'Route 5'],
		['ty-coch', 'Tŷ Coch'],
	]);

	it.each([
		[{ topic: 'winter-roads', areas: ['route-3'] }, 'people in Route 3 who follow Winter roads'],
		[{ topic: 'Winter roads', areas: ['ROUTE 3', 'route-5', 'ty-coch'] }, 'people in Route 3, Route 5 or Tŷ Coch who follow Winter roads'],
		[{ topic: 'bins' }, 'people who follow Bins'],
		[{ areas: ['Harbour'] }, 'people in Harbour'],
		[{}, 'everyone on the list'],
	])('%j', (query, words) => {
		expect(describeAudience(query, names)).toBe(words);
	});
});

describe('a code', () => {
	it.each([
		['Route 3', 'route-3'],
		[' ROUTE--3 ', 'route-3'],
		['Tŷ Coch', 'ty-coch'],
		['Bins & recycling (weekly)', 'bins-recycling-weekly'],
		['***', ''],
	])('of %j is %j', (name, code) => {
		expect(codeFor(name)).toBe(code);
	});

	it('of a topic is shown as words', () => {
		expect(topicName('winter-roads')).toBe('Winter roads');
	});
});
