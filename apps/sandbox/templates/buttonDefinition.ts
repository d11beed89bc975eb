import { GraphError, invalidParameter } from '../cloudApi/graphError';
import { onlyKeys, optionalShortTextAt, optionalTextAt, shortTextAt, textAt } from '../cloudApi/objectShape';
import { isObject, type JsonObject } from '../http/json';
import type { TemplateButton } from './template';

const longestLabel = 25;
const longestUrl = 2000;
const mostButtons = 10;
const mostUrlButtons = 2;
const longestPhone = 20;
const longestCode = 15;
/** The label that Meta puts on every button of these kinds. */
const ownLabels = { COPY_CODE: 'Copy offer code', REQUEST_CONTACT_INFO: 'Share contact info' } as const;

/** Buttons of a template definition by Meta's limits ("Templates: components"). */
export function readButtons(value: unknown): TemplateButton[] {
	if (!Array.isArray(value) || value.length === 0 || !value.every(isObject)) throw invalidParameter('Param components.buttons must be an array of objects');
	if (value.length > mostButtons) throw invalidParameter(`A template has at most ${mostButtons} buttons`);
	const buttons = value.map(readButton);
	if (buttons.filter(({ type }) => type === 'URL').length > mostUrlButtons) throw invalidParameter(`A template has at most ${mostUrlButtons} URL buttons`);
	if (buttons.filter(({ type }) => type === 'PHONE_NUMBER').length > 1) throw invalidParameter('A template has at most one phone button');
	if (buttons.filter(({ type }) => type === 'COPY_CODE').length > 1) throw invalidParameter('A template has at most one copy-code button');
	checkGrouping(buttons);
	return buttons;
}

function readButton(button: JsonObject): TemplateButton {
	const type = textAt(button, 'type', 'components.buttons.type').toUpperCase();
	if (type === 'COPY_CODE') return readCodeButton(button);
	if (type === 'REQUEST_CONTACT_INFO') {
		onlyKeys(button, new Set(['type', 'text']), 'components.buttons');
		return { type, text: optionalShortTextAt(button, 'text', 'components.buttons.text', longestLabel) ?? ownLabels[type] };
	}
	const text = textAt(button, 'text', 'components.buttons.text');
	if (text.length > longestLabel) throw invalidParameter(`A button label has at most ${longestLabel} characters`);
	if (type === 'QUICK_REPLY') {
		onlyKeys(button, new Set(['type', 'text']), 'components.buttons');
		return { type, text };
	}
	if (type === 'PHONE_NUMBER') {
		onlyKeys(button, new Set(['type', 'text', 'phone_number']), 'components.buttons');
		return { type, text, phone_number: shortTextAt(button, 'phone_number', 'components.buttons.phone_number', longestPhone) };
	}
	if (type === 'URL') return readUrlButton(button, text);
	if (type === 'FLOW') {
		onlyKeys(button, new Set(['type', 'text', 'flow_id', 'flow_name', 'flow_json', 'flow_action', 'navigate_screen', 'icon']), 'components.buttons');
		const flowId = optionalTextAt(button, 'flow_id', 'components.buttons.flow_id');
		return { type, text, ...(flowId !== undefined && { flow_id: flowId }) };
	}
	throw new GraphError(100, `Button type "${type}" is not supported by the sandbox`);
}

/** The example is a text, or a list of one. */
function readCodeButton(button: JsonObject): TemplateButton {
	onlyKeys(button, new Set(['type', 'text', 'example']), 'components.buttons');
	const { example } = button;
	const [code] = Array.isArray(example) ? example : [example];
	if (typeof code !== 'string' || code === '' || code.length > longestCode) throw invalidParameter(`A copy-code button needs an example of at most ${longestCode} characters`);
	return { type: 'COPY_CODE', text: optionalShortTextAt(button, 'text', 'components.buttons.text', longestLabel) ?? ownLabels.COPY_CODE, example: code };
}

function readUrlButton(button: JsonObject, text: string): TemplateButton {
	onlyKeys(button, new Set(['type', 'text', 'url', 'example']), 'components.buttons');
	const url = textAt(button, 'url', 'components.buttons.url');
	const variables = url.match(/\{\{[^}]*\}\}/g) ?? [];
	if (url.length > longestUrl || !/^https?:\/\/\S+$/i.test(url)) throw invalidParameter('Param components.buttons.url is not a web address of at most 2000 characters');
	if (variables.length > 1 || (variables.length === 1 && !url.endsWith('{{1}}'))) throw invalidParameter('A button address has at most one variable, {{1}}, at its end');
	const { example } = button;
	const examples = example === undefined || example === null ? [] : example;
	if (!Array.isArray(examples) || examples.length !== variables.length || !examples.every(isText)) throw invalidParameter(variables.length === 1 ? 'A button address with a variable needs one example' : 'A button address without a variable has no example');
	return { type: 'URL', text, url, ...(examples.length > 0 && { example: examples }) };
}

function isText(value: unknown): value is string {
	return typeof value === 'string' && value !== '';
}

/** Quick replies stand together, before or after the other kinds. */
function checkGrouping(buttons: readonly TemplateButton[]): void {
	const changes = buttons.filter((button, index) => {
		const before = buttons[index - 1];
		return before !== undefined && (before.type === 'QUICK_REPLY') !== (button.type === 'QUICK_REPLY');
	}).length;
	if (changes > 1) throw invalidParameter('Quick replies and other buttons must be grouped, not interleaved');
}
