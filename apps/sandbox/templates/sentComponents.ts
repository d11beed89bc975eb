import { invalidParameter } from '../cloudApi/graphError';
import { missing, objectAt, onlyKeys, optionalTextAt, textAt } from '../cloudApi/objectShape';
import { isObject, type JsonObject } from '../http/json';

/** `template.components` of a send, read and checked for shape but not yet against the template. */
export interface SentComponents {
	readonly header: readonly SentParameter[];
	readonly body: readonly SentParameter[];
	/** By button index. */
	readonly buttons: ReadonlyMap<number, ButtonParameters>;
}

export interface SentParameter {
	readonly type: string;
	readonly name?: string;
	readonly text?: string;
}

export interface ButtonParameters {
	readonly subType: 'quick_reply' | 'url';
	readonly value: string;
}

const componentKeys = new Set(['type', 'parameters']);
const buttonKeys = new Set(['type', 'sub_type', 'index', 'parameters']);
const mediaTypes = new Set(['image', 'video', 'document']);
const longestPayload = 128;

export function readParameters(components: unknown): SentComponents {
	let header: SentParameter[] | undefined;
	let body: SentParameter[] | undefined;
	const buttons = new Map<number, ButtonParameters>();
	for (const component of listOf(components, 'template.components')) {
		const type = textAt(component, 'type', 'template.components.type').toLowerCase();
		if (type === 'header') header = once(header, type, readTexts(component));
		else if (type === 'body') body = once(body, type, readTexts(component));
		else if (type === 'button') readButton(component, buttons);
		else throw invalidParameter(`Param template.components.type must be one of {HEADER, BODY, BUTTON} - got "${type}"`);
	}
	return { header: header ?? [], body: body ?? [], buttons };
}

function once<Part>(earlier: Part | undefined, what: string, part: Part): Part {
	if (earlier !== undefined) throw invalidParameter(`Param template.components has ${what} twice`);
	return part;
}

function readTexts(component: JsonObject): SentParameter[] {
	onlyKeys(component, componentKeys, 'template.components');
	return listOf(component.parameters, 'template.components.parameters').map((parameter) => {
		const type = textAt(parameter, 'type', 'template.components.parameters.type');
		if (type !== 'text' && type !== 'location' && !mediaTypes.has(type)) throw invalidParameter(`Parameter type "${type}" is not supported by the sandbox`);
		onlyKeys(parameter, new Set(['type', 'parameter_name', type]), 'template.components.parameters');
		const name = optionalTextAt(parameter, 'parameter_name', 'parameter_name');
		if (mediaTypes.has(type)) checkMedia(parameter, type);
		if (type === 'location') objectAt(parameter, type, 'template.components.parameters.location');
		return {
			type,
			...(name !== undefined && { name }),
			...(type === 'text' && { text: optionalTextAt(parameter, 'text', 'template.components.parameters.text') }),
		};
	});
}

function readButton(component: JsonObject, buttons: Map<number, ButtonParameters>): void {
	onlyKeys(component, buttonKeys, 'template.components');
	const subType = textAt(component, 'sub_type', 'template.components.sub_type').toLowerCase();
	if (subType !== 'quick_reply' && subType !== 'url') throw invalidParameter(`Button type "${subType}" is not supported by the sandbox`);
	const index = readIndex(component.index);
	const parameters = listOf(component.parameters, 'template.components.parameters');
	const [parameter] = parameters;
	if (parameters.length !== 1 || !parameter) throw missing('template.components.parameters');
	const key = subType === 'url' ? 'text' : 'payload';
	const type = textAt(parameter, 'type', 'template.components.parameters.type');
	if (type !== key) throw invalidParameter(`A ${subType} button takes a parameter of type ${key}, not ${type}`);
	onlyKeys(parameter, new Set(['type', key]), 'template.components.parameters');
	const value = textAt(parameter, key, `template.components.parameters.${key}`);
	if (key === 'payload' && value.length > longestPayload) throw invalidParameter(`A button payload has at most ${longestPayload} characters`);
	buttons.set(index, once(buttons.get(index), `the button at index ${index}`, { subType, value }));
}

/** A digit, as number or text: Meta's samples write it both ways. */
function readIndex(index: unknown): number {
	if (index === undefined || index === null || index === '') throw missing('template.components.index');
	if ((typeof index !== 'string' && typeof index !== 'number') || !/^\d$/.test(String(index))) throw invalidParameter('Param template.components.index must be between 0 and 9');
	return Number(index);
}

function checkMedia(parameter: JsonObject, type: string): void {
	const path = `template.components.parameters.${type}`;
	const media = objectAt(parameter, type, path);
	if (!optionalTextAt(media, 'id', `${path}.id`) && !optionalTextAt(media, 'link', `${path}.link`)) throw missing(`${path}.id or ${path}.link`);
}

function listOf(value: unknown, path: string): JsonObject[] {
	if (value === undefined || value === null) return [];
	if (!Array.isArray(value) || !value.every(isObject)) throw invalidParameter(`Param ${path} must be an array of objects`);
	return value;
}
