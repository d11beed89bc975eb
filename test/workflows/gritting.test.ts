import type { IDataObject } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';
import { nodeOf, readSampleFlow, resolved } from './expressions';

const flow = readSampleFlow('gritting');
const judge = nodeOf(flow, 'Judge Forecast');

/** What the flow makes of an answer of the forecast service. */
function judged(answer: IDataObject): Record<string, unknown> {
	const { assignments } = judge.parameters.assignments as { assignments: Array<{ name: string; value: string }> };
	return Object.fromEntries(assignments.map(({ name, value }) => [name, resolved(value, judge, answer)]));
}

const hour = 3_600_000;

/** An answer of two days from this hour on, in Open-Meteo's shape. The flow reads the clock of the machine. */
function forecast(values: (index: number) => unknown): IDataObject {
	const start = Math.floor(Date.now() / hour) * hour;
	const time = Array.from({ length: 48 }, (_, index) => new Date(start + index * hour).toISOString().slice(0, 16));
	return { hourly: { time, surface_temperature: time.map((_, index) => values(index)) as number[] }, hourly_units: { surface_temperature: '°C' } };
}

describe('what the gritting flow makes of a forecast', () => {
	it('is the lowest ground temperature of the next 24 hours', () => {
		expect(judged(forecast((index) => (index === 9 ? -2.4 : index === 40 ? -9 : 3)))).toMatchObject({ state: 'ok', lowest: -2.4, unit: '°C' });
	});

	it.each([
		['failed', { error: { message: '503' } }],
		['empty', { hourly: { time: [] } }],
		['empty', {}],
		// What Open-Meteo answers while a run of the model is missing.
		['empty', forecast(() => null)],
		['empty', { hourly: { time: (forecast(() => 1).hourly as { time: string[] }).time } }],
		['stale', { hourly: { time: ['2020-01-01T00:00'], surface_temperature: [3] } }],
	])('is %s rather than mild: %#', (state, answer) => {
		expect(judged(answer).state).toBe(state);
	});
});

describe('what the gritting flow tells the officer', () => {
	function told(name: string, json: IDataObject): unknown {
		const node = nodeOf(flow, name);
		return resolved((node.parameters.templateValues as { value: { body_summary: string } }).value.body_summary, node, json);
	}

	it.each([
		[{ state: 'ok', lowest: 4.1, unit: '°C' }, 'No gritting draft today: the lowest ground temperature is 4.1 °C.'],
		[{ state: 'failed' }, 'No gritting draft today, because the forecast feed failed. Check the forecast by hand.'],
		[{ state: 'empty' }, 'No gritting draft today, because the forecast feed was empty. Check the forecast by hand.'],
		[{ state: 'stale' }, 'No gritting draft today, because the forecast feed was stale. Check the forecast by hand.'],
	])('about the forecast %j', (json, words) => {
		expect(told('Say Why There Is No Draft', json)).toBe(words);
	});

	it.each([
		['expired', '', 'Nothing was sent: the sign-off expired.'],
		['rejected', 'Route 2\nis closed.', 'Nothing was sent: the sign-off was rejected. Route 2 is closed.'],
	])('about a sign-off that is %s', (state, reason, words) => {
		expect(String(told('Say It Was Not Signed', { approval: { state, reason } })).trim()).toBe(words);
	});
});
