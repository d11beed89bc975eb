import type { ILoadOptionsFunctions, ResourceMapperFields } from 'n8n-workflow';
import { componentOf, type Template } from '../../../core/whatsapp/template';
import { parameterFields } from '../../../core/whatsapp/templateParameters';
import { cloudApiOf, readChannelSettings } from '../../shared/openChannel';
import { sayInEditor } from '../../shared/sayInEditor';
import { parseTemplateChoice } from '../../shared/templateFields';

/** One form field for each gap of the chosen template, with the example Meta was given beside its name. */
export function getTemplateFields(this: ILoadOptionsFunctions): Promise<ResourceMapperFields> {
	return sayInEditor(async () => {
		const chosen = String(this.getNodeParameter('template', '', { extractValue: true }) ?? '');
		if (chosen === '') return { fields: [], emptyFieldsNotice: 'Choose a template first.' };
		const { name, language } = parseTemplateChoice(chosen);
		const { value: template } = await cloudApiOf(await readChannelSettings(this)).getTemplate(name, language);
		return {
			fields: formFields(template),
			// n8n shows this in place of the form, so the words of the template fit here.
			emptyFieldsNotice: `This template has no gaps to fill. It reads: “${componentOf(template, 'BODY')?.text ?? ''}”`,
		};
	});
}

/** What n8n keeps in a flow as the form of its values; sample flows hold the same, or the editor says that it is out of date. */
export function formFields(template: Template): ResourceMapperFields['fields'] {
	return parameterFields(template).map((field) => ({
		id: field.key,
		displayName: field.example === '' ? field.label : `${field.label} (e.g. ${field.example})`,
		required: field.required,
		defaultMatch: false,
		canBeUsedToMatch: false,
		display: true,
		// What need not be given waits behind “Add value”, so that the form shows what has to be filled in.
		removed: !field.required,
		type: 'string',
	}));
}
