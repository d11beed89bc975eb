import { placeholdersIn } from './placeholders';

export type ParameterFormat = 'NAMED' | 'POSITIONAL';

export interface DefinitionProblem {
	/** Where it is, in Meta's own names: `name`, `body`, `buttons [2]`. */
	field: string;
	/** One sentence that names the field and the limit. */
	message: string;
}

export function lengthProblems(field: string, text: string, most: number): DefinitionProblem[] {
	if (text.trim() === '') return [problem(field, 'is empty')];
	return text.length > most ? [problem(field, `has ${text.length} characters; ${most} are allowed`)] : [];
}

/** Meta refuses a variable at either end of the body (2388299), and two side by side. */
export function edgeProblems(field: string, text: string): DefinitionProblem[] {
	const trimmed = text.trim();
	const atEdge = /^\{\{[^}]*\}\}|\{\{[^}]*\}\}$/.test(trimmed);
	return atEdge ? [problem(field, 'begins or ends with a variable; put fixed words around it')] : [];
}

type Examples = ReadonlyArray<string | { param_name: string; example: string }> | undefined;

export function variableProblems(field: string, text: string, format: ParameterFormat, examples: Examples): DefinitionProblem[] {
	const problems: DefinitionProblem[] = [];
	const names = placeholdersIn(text);
	if (/\{\{|\}\}/.test(text.replace(/\{\{[A-Za-z0-9_]+\}\}/g, ''))) problems.push(problem(field, 'holds a variable that is not written as {{name}}'));
	if (/\{\{[^}]*\}\}\s*\{\{/.test(text)) problems.push(problem(field, 'holds two variables side by side; put fixed words between them'));
	const wrong = names.find((name, at) => (format === 'NAMED' ? !/^[a-z_][a-z0-9_]*$/.test(name) : !sorted(names).includes(String(at + 1))));
	if (wrong !== undefined) problems.push(problem(field, format === 'NAMED' ? `names a variable “${wrong}”; lower-case letters, digits and underscores are allowed` : 'does not number its variables 1, 2, 3 without a gap'));
	const words = text.replace(/\{\{[^}]*\}\}/g, ' ').split(/\s+/).filter((word) => /\p{L}|\p{N}/u.test(word)).length;
	if (names.length > 1 && words < 2 * names.length + 1) problems.push(problem(field, `has ${names.length} variables and ${words} fixed words; Meta wants more words`));
	return [...problems, ...exampleProblems(field, names, format, examples ?? [])];
}

function exampleProblems(field: string, names: readonly string[], format: ParameterFormat, examples: NonNullable<Examples>): DefinitionProblem[] {
	const valueOf = (name: string) => (format === 'NAMED' ? examples.find((entry) => typeof entry === 'object' && entry.param_name === name) : examples[Number(name) - 1]);
	const without = names.filter((name) => {
		const entry = valueOf(name);
		return (typeof entry === 'object' ? entry.example : (entry ?? '')).trim() === '';
	});
	const extra = examples.length > names.length ? [problem(field, 'has more examples than variables')] : [];
	return [...without.map((name) => problem(field, `has no example for {{${name}}}, which Meta’s reviewers need`)), ...extra];
}

function sorted(names: readonly string[]): string[] {
	return [...names].sort((one, other) => Number(one) - Number(other));
}

export function problem(field: string, what: string): DefinitionProblem {
	return { field, message: `'${field}' ${what}.` };
}
