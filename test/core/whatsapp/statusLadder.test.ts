import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type DeliveryStatus, isDeliveryStatus, mayAdvance, statusLadder } from '../../../core/whatsapp/statusLadder';

function end(statuses: readonly DeliveryStatus[]): DeliveryStatus {
	return statuses.reduce<DeliveryStatus>((known, next) => (mayAdvance(known, next) ? next : known), 'queued');
}

describe('the status of a delivery', () => {
	it.each<[DeliveryStatus, DeliveryStatus, boolean]>([
		['queued', 'sent', true],
		['sent', 'delivered', true],
		['sent', 'read', true],
		['delivered', 'read', true],
		['read', 'played', true],
		['queued', 'failed', true],
		['sent', 'failed', true],
		['delivered', 'failed', false],
		['read', 'failed', false],
		['failed', 'sent', false],
		['failed', 'delivered', true],
		['read', 'delivered', false],
		['delivered', 'sent', false],
		['sent', 'sent', false],
	])('goes from %s to %s: %s', (from, to, expected) => {
		expect(mayAdvance(from, to)).toBe(expected);
	});

	it('ends the same in whatever order and how often the statuses arrive', () => {
		const some = fc.array(fc.constantFrom(...statusLadder), { minLength: 1, maxLength: 8 });
		const shuffled = some.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray([...list, ...list], { minLength: 2 * list.length })));
		fc.assert(
			fc.property(shuffled, ([list, again]) => {
				expect(end(again)).toBe(end(list));
			}),
		);
	});

	it('is one of the words that are known', () => {
		expect(isDeliveryStatus('read')).toBe(true);
		expect(isDeliveryStatus('deleted')).toBe(false);
		expect(isDeliveryStatus('constructor')).toBe(false);
	});
});
