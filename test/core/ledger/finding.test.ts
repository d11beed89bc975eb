import { describe, expect, it } from 'vitest';
import { Findings } from '../../../core/ledger/finding';

describe('findings', () => {
	it('are listed in order, and beyond a hundred of one kind only counted', () => {
		const findings = new Findings();
		for (let i = 0; i < 250; i++) findings.add('BAD_LEAF', i, 'x');
		findings.add('FORK', null, 'y');
		const list = findings.list();
		expect(findings.total).toBe(251);
		expect(list).toHaveLength(102);
		expect(list[99]).toEqual({ code: 'BAD_LEAF', entry: 99, detail: 'x' });
		expect(list.slice(100)).toEqual([
			{ code: 'FORK', entry: null, detail: 'y' },
			{ code: 'BAD_LEAF', entry: null, detail: '150 more of this kind are not listed.' },
		]);
	});
});
