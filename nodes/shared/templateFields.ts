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
			supportAutoMap: false,
			noFieldsError: 'This template has no gaps to fill.',
		},
	},
};

/** @throws CivicError input.invalid when no template is chosen */
export function readTemplateChoice(context: IExecuteFunctions, itemIndex: number): { template: { name: string; language: string }; parameters: TemplateValues } {
	const chosen = String(context.getNodeParameter('template', itemIndex, '', { extractValue: true }) ?? '');
	const values = (context.getNodeParameter('templateValues.value', itemIndex, null) ?? {}) as IDataObject;
	const parameters: Record<string, string> = {};
	for (const [key, entry] of Object.entries(values)) {
		if (entry !== null && entry !== undefined) parameters[key] = String(entry);
	}
	return { template: parseTemplateChoice(chosen), parameters };
}

export function parseTemplateChoice(chosen: string): { name: string; language: string } {
	const [name = '', language = '', ...rest] = chosen.split('|');
	if (name !== '' && language !== '' && rest.length === 0) return { name, language };
	throw new CivicError('input.invalid', "'Template' is not chosen.", 'Pick one from the list, or enter name and language, such as gritting_notice|en_GB.');
}
