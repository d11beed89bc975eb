import { updateDisplayOptions, type IDataObject, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';
import { openChannel } from '../../shared/openChannel';
import { anyTemplateField, parseTemplateChoice } from '../../shared/templateFields';
import { describeTemplate } from './describeTemplate';

export const value = 'get';

const fields: INodeProperties[] = [
	anyTemplateField,
	{
		displayName: 'Simplify',
		name: 'simplify',
		type: 'boolean',
		default: true,
		description: 'Whether to return a simplified version of the response instead of the raw data',
	},
];

export const description = updateDisplayOptions({ show: { resource: ['template'], operation: [value] } }, fields);

export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const { api } = await openChannel(context);
	const { name, language } = parseTemplateChoice(String(context.getNodeParameter('template', itemIndex, '', { extractValue: true }) ?? ''));
	const { value: template } = await api.getTemplate(name, language);
	return context.getNodeParameter('simplify', itemIndex, true) === true ? describeTemplate(template) : (template as unknown as IDataObject);
}
