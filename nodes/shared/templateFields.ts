import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { CivicError } from '../../core/errors';
import type { TemplateValues } from '../../core/whatsapp/templateParameters';

/** Picks an approved template. Its value is `name|language`, because Meta keeps each language as a template of its own. */
export const templateField: INodeProperties = {
	displayName: 'Template',
	name: 'template',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description: 'An approved template of the channel',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select a template...',
			typeOptions: { searchListMethod: 'searchTemplates', searchable: true },
		},
		{
			displayName: 'By Name',
			name: 'name',
			type: 'string',
			placeholder: 'e.g. gritting_notice|en_GB',
			hint: 'Name and language code, separated by |',
			validation: [{ type: 'regex', properties: { regex: '^[a-z0-9_]+\\|[A-Za-z_]{2,10}$', errorMessage: 'Enter name and language, such as gritting_notice|en_GB' } }],
		},
	],
};

const byName = templateField.modes?.[1];

/** Picks a template in whatever state it is. */
export const anyTemplateField: INodeProperties = {
	...templateField,
	description: 'A template of the channel, also one that is under review, rejected or paused',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select a template...',
			typeOptions: { searchListMethod: 'searchAllTemplates', searchable: true },
		},
		...(byName === undefined ? [] : [byName]),
	],
};

/** One field for each gap in the chosen template. */
export const templateValuesField: INodeProperties = {
	displayName: 'Template Values',
	name: 'templateValues',
	type: 'resourceMapper',
	default: { mappingMode: 'defineBelow', value: null },
	noDataExpression: true,
	typeOptions: {
		loadOptionsDependsOn: ['template.value'],
		resourceMapper: {
			resourceMapperMethod: 'getTemplateFields',
			mode: 'add',
			fieldWords: { singular: 'value', plural: 'values' },
			addAllFields: true,
			// A template that was changed at Meta since, and this form with it, is read anew when the node is opened.
			refreshStaleSchemaOnOpen: true,
			supportAutoMap: false,
			noFieldsError: 'This template has no gaps to fill.',
		},
	},
};

/** Shows the message while the node is being edited. Its value means nothing. */
export const previewField: INodeProperties = {
	displayName: 'Preview',
	name: 'messagePreview',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	noDataExpression: true,
	// On itself: n8n empties a field when what it depends on changes, so a line that was picked does not stay and go stale.
	typeOptions: { loadOptionsDependsOn: ['messagePreview.value'] },
	description: 'Open it to read the message with the values above, line by line. Picking a line changes nothing.',
	modes: [
		{
			displayName: 'Message',
			name: 'list',
			type: 'list',
			placeholder: 'Open to read the message',
			typeOptions: { searchListMethod: 'previewMessage', searchable: false },
		},
	],
};

/** @throws CivicError input.invalid when no template is chosen */
export function readTemplateChoice(context: IExecuteFunctions, itemIndex: number): { template: { name: string; language: string }; parameters: TemplateValues } {
	const chosen = String(context.getNodeParameter('template', itemIndex, '', { extractValue: true }) ?? '');
	const values = (context.getNodeParameter('templateValues.value', itemIndex, null) ?? {}) as IDataObject;
	return { template: parseTemplateChoice(chosen), parameters: templateValues(values) };
}

/** What the form holds, as texts. A field that was left empty has no value. */
export function templateValues(form: IDataObject): Record<string, string> {
	const values: Record<string, string> = {};
	for (const [key, entry] of Object.entries(form)) {
		if (entry !== null && entry !== undefined) values[key] = String(entry);
	}
	return values;
}

/** @param field what the form calls the choice */
export function parseTemplateChoice(chosen: string, field = 'Template'): { name: string; language: string } {
	const [name = '', language = '', ...rest] = chosen.split('|');
	if (name !== '' && language !== '' && rest.length === 0) return { name, language };
	throw new CivicError('input.invalid', `'${field}' is not chosen.`, 'Pick one from the list, or enter name and language, such as gritting_notice|en_GB.');
}
