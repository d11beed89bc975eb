/** Reads a field that people fill with a comma-separated list and expressions fill with an array. */
export function textList(value: unknown): string[] {
	const parts = Array.isArray(value) ? value : value === null || value === undefined ? [] : String(value).split(',');
	return parts.map((part) => String(part ?? '').trim()).filter((part) => part !== '');
}
