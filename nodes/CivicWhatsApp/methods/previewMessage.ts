import type { IDataObject, ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';
import { previewTemplate } from '../../../core/message/previewTemplate';
import { cloudApiOf, readChannelSettings } from '../../shared/openChannel';
import { sayInEditor } from '../../shared/sayInEditor';
import { parseTemplateChoice, templateValues, withOfferEnd } from '../../shared/templateFields';
import { offerAndCards } from './previewParts';

/**
 * The message with the values entered so far, as entries of a list: n8n has no field that shows a text which depends on
 * others, but opens a list when it is asked to, and shows a description under each entry.
 */
export function previewMessage(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return sayInEditor(async () => {
		const chosen = String(this.getNodeParameter('template', '', { extractValue: true }) ?? '');
		if (chosen === '') return [{ name: 'Choose a Template First', value: '' }];
		const { name, language } = parseTemplateChoice(chosen);
		const settings = await readChannelSettings(this);
		const { zone } = settings.rules;
		const { value: template } = await cloudApiOf(settings).getTemplate(name, language);
		// As the editor has it: n8n fills in expressions where it already can, and would refuse here those it cannot.
		const values = templateValues((this.getCurrentNodeParameter('templateValues.value') ?? {}) as IDataObject);
		const { message, problems, warnings } = previewTemplate(template, withOfferEnd(withoutExpressions(values), zone), zone);
		const line = (label: string, text: string | null, at: number) => (text === null || text === '' ? [] : [{ name: label, value: `part-${at}`, description: text }]);
		return [
			{ name: message.header ?? message.body.split('\n')[0] ?? name, value: '', description: message.body },
			...line('Footer', message.footer, 1),
			...line('Buttons', message.buttons.map(({ text, url, phone, code }) => [text, url ?? phone ?? code].filter((part) => part !== undefined).join(': ')).join(' · '), 2),
			...offerAndCards(message, zone),
			...line('Not Ready', problems.join(' '), 3),
			...line('Please Note', warnings.join(' '), 4),
		];
	});
}

/** What an expression will give is known when the flow runs; until then its gap shows its name. */
function withoutExpressions(values: Record<string, string>): Record<string, string> {
	return Object.fromEntries(Object.entries(values).filter(([, value]) => !value.startsWith('=')));
}
