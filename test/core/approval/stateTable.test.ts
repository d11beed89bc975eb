import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nextState, transitions, type RequestEvent } from '../../../core/approval/stateTable';
import type { RequestState } from '../../../core/store/schema';

const states: RequestState[] = ['pending', 'approved', 'rejected', 'returned', 'withdrawn', 'superseded', 'expired'];
const events: RequestEvent[] = ['enough-signatures', 'refusal', 'change-asked', 'withdrawal', 'newer-draft', 'time-up'];

describe('the states of a sign-off request', () => {
	it('are seven, of which only the first can be left', () => {
		expect(Object.keys(transitions).sort()).toEqual([...states].sort());
		const listed = states.flatMap((state) => events.flatMap((event) => (nextState(state, event) === null ? [] : [`${state} + ${event} = ${String(nextState(state, event))}`])));
		expect(listed).toEqual([
			'pending + enough-signatures = approved',
			'pending + refusal = rejected',
			'pending + change-asked = returned',
			'pending + withdrawal = withdrawn',
			'pending + newer-draft = superseded',
			'pending + time-up = expired',
		]);
	});

	it('stand in the guide as they are here', () => {
		const guide = readFileSync(join(__dirname, '../../../docs/approvals.md'), 'utf8');
		const told = [...guide.matchAll(/^\| (pending) \| ([a-z-]+) \| ([a-z]+) \|/gm)].map(([, from, event, to]) => `${from} + ${event} = ${to}`);
		expect(told).toEqual(Object.entries(transitions.pending).map(([event, to]) => `pending + ${event} = ${to}`));
	});

	it('refuse an event that is not in the table', () => {
		for (const state of states) expect(nextState(state, 'constructor' as RequestEvent)).toBeNull();
	});
});
