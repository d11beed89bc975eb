import type { DefinitionProblem } from './definitionTexts';
import type { TemplateDefinition } from './templateDefinition';

const longestLabel = 25;
/** Minutes that the footer may name. */
const lifetime = [1, 90] as const;

/**
 * What breaks the form of a template for one-time codes (Meta, "Copy code authentication templates"): Meta writes its words,
 * so there is nothing to choose but the warning, how long a code lasts, and the label of its one button.
 */
export function codeProblems({ components, parameter_format: format }: TemplateDefinition): DefinitionProblem[] {
	const problems: DefinitionProblem[] = [];
	const refuse = (field: string, what: string) => problems.push({ field, message: `'${field}' ${what}.` });
	const kinds = components.map(({ type }) => type);
	if (!kinds.includes('BODY')) refuse('body', 'is missing');
	if (!kinds.includes('BUTTONS')) refuse('buttons', 'is missing; a template for codes has one button that copies it');
	if (new Set(kinds).size < kinds.length) refuse('components', 'holds a part more than once');
	if (format !== 'POSITIONAL') refuse('parameter_format', 'must be POSITIONAL for codes, or left out');
	for (const component of components) {
		if (component.type === 'HEADER') refuse('header', 'is there, and a template for codes has none');
		if (component.type === 'BODY' && (component.text !== undefined || component.example !== undefined)) refuse('body', 'holds words, and Meta writes those of a template for codes');
		if (component.type === 'FOOTER') {
			const { text, code_expiration_minutes: minutes } = component;
			if (text !== undefined) refuse('footer', 'holds words, and Meta writes those of a template for codes');
			if (minutes === undefined || minutes < lifetime[0] || minutes > lifetime[1]) refuse('footer', `must say for how many minutes a code lasts (code_expiration_minutes), ${lifetime[0]} to ${lifetime[1]}`);
		}
		if (component.type === 'BUTTONS') {
			const [button, second] = component.buttons;
			if (button?.type !== 'OTP' || second !== undefined) refuse('buttons', 'must hold one button of the kind OTP that copies the code');
			else if ((button.text ?? '').length > longestLabel) refuse('buttons [1]', `has ${button.text?.length} characters; ${longestLabel} are allowed`);
		}
	}
	return problems;
}
