/** `{{route}}` or `{{1}}`, as Meta writes them in the texts of a template. */
const placeholder = /\{\{\s*([A-Za-z0-9_]+)\s*\}\}/g;

/** The names in a text, each once, in the order in which they appear. */
export function placeholdersIn(text: string): string[] {
	return [...new Set([...text.matchAll(placeholder)].map(([, name]) => name ?? ''))];
}

/** Fills in a text once: a value that looks like a placeholder itself stays as it is. */
export function fillPlaceholders(text: string, valueOf: (name: string) => string): string {
	return text.replace(placeholder, (_, name: string) => valueOf(name));
}
