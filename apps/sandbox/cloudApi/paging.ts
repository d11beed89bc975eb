import { invalidParameter } from './graphError';

const defaultLimit = 25;
const largestLimit = 1000;

export interface Page<Item> {
	data: Item[];
	paging?: { cursors: { before: string; after: string }; next?: string; previous?: string };
}

/**
 * One page of a list in Graph's cursor style. `next` is there only when another page follows.
 *
 * @param address the address of the edge, without query
 * @param idOf the identity that cursors hold on to, so that pages stay right while the list changes
 * @throws GraphError 100 for a limit or cursor that is not one
 */
export function pageOf<Item>(items: readonly Item[], query: URLSearchParams, address: string, idOf: (item: Item) => string): Page<Item> {
	const limit = limitOf(query.get('limit'));
	const positions = new Map(items.map((item, index) => [idOf(item), index]));
	const after = positionOf(query.get('after'), positions);
	const before = positionOf(query.get('before'), positions);
	const start = after !== undefined ? after + 1 : before !== undefined ? Math.max(0, before - limit) : 0;
	const data = items.slice(start, before === undefined ? start + limit : Math.min(before, start + limit));
	const [first, last] = [data.at(0), data.at(-1)];
	if (first === undefined || last === undefined) return { data };
	const cursors = { before: cursorOf(idOf(first)), after: cursorOf(idOf(last)) };
	const link = (cursor: 'after' | 'before'): string => {
		const linked = new URLSearchParams(query);
		for (const name of ['access_token', 'after', 'before']) linked.delete(name);
		linked.set(cursor, cursors[cursor]);
		return `${address}?${linked}`;
	};
	return {
		data,
		paging: {
			cursors,
			...(start + data.length < items.length && { next: link('after') }),
			...(start > 0 && { previous: link('before') }),
		},
	};
}

function limitOf(text: string | null): number {
	if (text === null) return defaultLimit;
	if (!/^\d{1,6}$/.test(text) || Number(text) < 1) throw invalidParameter('Param limit must be a positive integer');
	return Math.min(Number(text), largestLimit);
}

function cursorOf(id: string): string {
	return Buffer.from(`cursor:${id}`).toString('base64url');
}

function positionOf(cursor: string | null, positions: ReadonlyMap<string, number>): number | undefined {
	if (cursor === null || cursor === '') return undefined;
	const position = positions.get(Buffer.from(cursor, 'base64url').toString().replace(/^cursor:/, ''));
	if (position === undefined) throw invalidParameter('Invalid cursors values');
	return position;
}
