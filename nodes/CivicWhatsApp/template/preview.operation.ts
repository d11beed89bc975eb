import { updateDisplayOptions, type IDataObject, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';
import { previewTemplate } from '../../../core/message/previewTemplate';
import { openChannel } from '../../shared/openChannel';
import { anyTemplateField, readTemplateChoice, templateValuesField } from '../../shared/templateFields';

export const value = 'preview';

const fields: INodeProperties[] = [anyTemplateField, templateValuesField];

export const description = updateDisplayOptions({ show: { resource: ['template'], operation: [value] } }, fields);

export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const { api, channel } = await openChannel(context);
	const { zone } = channel.rules;
	const { template: choice, parameters } = readTemplateChoice(context, itemIndex, zone);
	const { value: template } = await api.getTemplate(choice.name, choice.language);
	const { name, language, status, category } = template;
	return { name, language, status, category, ...(previewTemplate(template, parameters, zone) as unknown as IDataObject) };
}
