/**
 * The code under which a topic or an area is kept, so that "Route 3", "route 3" and "ROUTE-3" are one and the same:
 * lower case, without accents, words joined by hyphens.
 * @returns an empty string when nothing of the name is a letter or a digit
 */
export function codeFor(name: string): string {
	return name
		.normalize('NFKD')
		.replace(/\p{M}/gu, '')
		.toLowerCase()
		.replace(/[^\p{L}\p{N}]+/gu, '-')
		.replace(/^-|-$/g, '');
}

/** A topic's code as people read it: `winter-roads` is "Winter roads". */
export function topicName(code: string): string {
	const words = code.replaceAll('-', ' ');
	return words.charAt(0).toUpperCase() + words.slice(1);
}
