import { GraphError } from './graphError';

/** Top-level names in a `fields` value such as `id,throughput{level},health_status`. */
export function fieldNames(fields: string): string[] {
	const names: string[] = [];
	let depth = 0;
	let name = '';
	for (const character of fields) {
		if (character === '{') depth++;
		else if (character === '}') depth--;
		else if (character === ',' && depth === 0) names.push(name);
		if (character === ',' && depth === 0) name = '';
		else if (depth === 0 && !/[\s}]/.test(character)) name += character;
	}
	return [...names, name].filter(Boolean);
}

/**
 * The fields of a node that were asked for, plus `id`, which Graph always adds.
 *
 * @param node every field the node has; a function is called only when its field is asked for
 * @throws GraphError 100 for a field that the node does not have
 */
export function selectFields(node: Readonly<Record<string, unknown>>, requested: string | null, defaults: readonly string[], nodeType: string): Record<string, unknown> {
	const names = requested ? fieldNames(requested) : defaults;
	const selected: Record<string, unknown> = {};
	for (const name of names) {
		if (!Object.hasOwn(node, name)) {
			throw new GraphError(100, undefined, { message: `(#100) Tried accessing nonexisting field (${name}) on node type (${nodeType})` });
		}
		const value = node[name];
		if (value !== undefined) selected[name] = typeof value === 'function' ? (value as () => unknown)() : value;
	}
	return { ...selected, id: node.id };
}
