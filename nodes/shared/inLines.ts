/**
 * A text in lines of at most `length` characters, broken between words where it can be. Blank lines are left out.
 * @param length at least 1
 */
export function inLines(text: string, length: number): string[] {
	const lines: string[] = [];
	for (const paragraph of text.split('\n')) {
		let line: string[] = [];
		for (const word of paragraph.split(/\s+/).filter((part) => part !== '')) {
			const letters = [...word];
			if (line.length > 0 && line.length + 1 + letters.length > length) {
				lines.push(line.join(''));
				line = [];
			}
			line = line.length === 0 ? letters : [...line, ' ', ...letters];
			// A word longer than a line, such as an address.
			while (line.length > length) lines.push(line.splice(0, length).join(''));
		}
		if (line.length > 0) lines.push(line.join(''));
	}
	return lines;
}
