import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IDataObject, INode } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';
import { flowOf, workflowOf } from './engine';

const flow = JSON.parse(readFileSync(join(__dirname, '../../workflows/gritting.json'), 'utf8')) as { nodes: INode[] };
const judge = flow.nodes.find(({ name }) => name === 'Judge Forecast')?.parameters.assignments as { assignments: Array<{ name: string; value: string }> };

/** What the node makes of an answer of the feed. */
function judged(answer: IDataObject): Record<string, unknown> {
	const workflow = workflowOf(flowOf([{ name: 'Read', type: 'test.passOn' }]));
	const valueOf = (expression: string) => workflow.expression.getParameterValue(expression, null, 0, 0, 'Read', [{ json: answer }], 'manual', {});
	return Object.fromEntries(judge.assignments.map(({ name, value }) => [name, valueOf(value)]));
}

const hours = Array.from({ length: 48 }, (_, hour) => new Date(Date.now() + hour * 3600_000).toISOString().slice(0, 16));
const forecast = (values: unknown[] | undefined): IDataObject => ({ hourly: { time: hours, surface_temperature: values }, hourly_units: { surface_temperature: '°C' } }) as IDataObject;

describe('the forecast of the gritting flow', () => {
	it('is read hour by hour, and the lowest of the next day counts', () => {
		expect(judged(forecast(hours.map((_, hour) => 6 - (hour % 12))))).toMatchObject({ state: 'ok', lowest: -5, unit: '°C' });
	});

	it.each([
		['null for every hour', hours.map(() => null)],
		['nothing for the next day', hours.map((_, hour) => (hour < 26 ? null : 4))],
		['no list of it at all', undefined],
	])('counts as empty, never as mild, with %s', (_, values) => {
		expect(judged(forecast(values))).toMatchObject({ state: 'empty' });
	});
});
