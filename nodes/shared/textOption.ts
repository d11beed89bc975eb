/** A field that may be left out: undefined when it is empty, or when its expression found nothing. */
export function optionalText(value: unknown): string | undefined {
	const text = value === undefined || value === null ? '' : String(value);
	return text.trim() === '' ? undefined : text;
}

/** Entries of a fixedCollection with several values: `{ entry: [{…}] }`. */
export function rowsOf(collection: unknown, entry: string): Array<Record<string, unknown>> {
	const list = typeof collection === 'object' && collection !== null ? (collection as Record<string, unknown>)[entry] : undefined;
	return Array.isArray(list) ? (list as Array<Record<string, unknown>>) : [];
}
