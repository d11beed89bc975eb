import type { JsonObject } from '../jsonReading';
import { type InteractiveFrame, checkFrame, interactivePayload } from './interactiveFrame';
import { type Problem, checkLine, checkText, checkUnique, problem } from './problem';

export interface ReplyButton {
	/** Comes back when it is tapped; not shown. */
	id: string;
	title: string;
}

/** Words with one to three buttons to answer with. */
export interface ButtonsContent extends InteractiveFrame {
	type: 'buttons';
	buttons: ReplyButton[];
}

/** Meta: "Interactive reply buttons messages". */
export const buttonsLimits = { body: 1024, buttons: 3, id: 256, title: 20 } as const;

/** WhatsApp's marks for bold, italic, struck through and monospaced around at least one character. */
const marks = /([*_~])\S(?:.*\S)?\1|```/;

export function checkButtonsContent(content: ButtonsContent): Problem[] {
	const { buttons } = content;
	const whole = { field: 'buttons', name: 'The list of buttons' };
	const parts = buttons.map(({ id, title }, index) => ({
		id: { part: { field: `buttons[${index}].id`, name: `The id of button ${index + 1}` }, value: id },
		title: { part: { field: `buttons[${index}].title`, name: `The title of button ${index + 1}` }, value: title },
	}));
	return [
		...checkFrame(content, buttonsLimits.body),
		...(buttons.length === 0 ? [problem(whole, 'is empty')] : []),
		...(buttons.length > buttonsLimits.buttons ? [problem(whole, `has ${buttons.length} buttons; WhatsApp takes at most ${buttonsLimits.buttons}`)] : []),
		...parts.flatMap(({ id, title }) => [
			...checkText(id.part, id.value, buttonsLimits.id),
			...checkLine(title.part, title.value, buttonsLimits.title),
			...(marks.test(title.value) ? [problem(title.part, 'holds marks for bold, italic or other styles, which buttons do not show')] : []),
		]),
		...checkUnique(parts.map(({ id }) => id)),
		...checkUnique(parts.map(({ title }) => title)),
	];
}

export function buttonsPayload(content: ButtonsContent): JsonObject {
	return interactivePayload('button', content, { buttons: content.buttons.map(({ id, title }) => ({ type: 'reply', reply: { id, title } })) });
}
