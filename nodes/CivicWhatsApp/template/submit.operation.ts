import { updateDisplayOptions, type IDataObject, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';
import { readDesk } from '../../../core/channel/deskAddress';
import { submitTemplate } from '../../../core/message/submitTemplate';
import { definitionToSubmit, findInLibrary } from '../../../core/message/templateLibrary';
import type { Store } from '../../../core/store/store';
import { readDefinition, type TemplateDefinition } from '../../../core/whatsapp/templateDefinition';
import { openChannel } from '../../shared/openChannel';
import { parseTemplateChoice } from '../../shared/templateFields';
import { packagedTemplates } from '../../shared/templateLibrary';

export const value = 'submit';

const fields: INodeProperties[] = [
	{
		displayName: 'Definition From',
		name: 'source',
		type: 'options',
		options: [
			{ name: 'JSON', value: 'json', description: 'A definition of your own, in the form in which Meta takes it' },
			{ name: 'Library', value: 'library', description: 'One of the templates that come along with the sample flows' },
		],
		default: 'library',
	},
	{
		displayName: 'Library Template',
		name: 'libraryTemplate',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required: true,
		displayOptions: { show: { source: ['library'] } },
		description: 'What the flows of this package need at Meta. Welsh words are not reviewed: have somebody read them first.',
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'Select a template...',
				typeOptions: { searchListMethod: 'searchLibrary', searchable: true },
			},
			{
				displayName: 'By Name',
				name: 'name',
				type: 'string',
				placeholder: 'e.g. gritting_notice|en_GB',
				hint: 'Name and language code, separated by |',
			},
		],
	},
	{
		displayName: 'Definition',
		name: 'definition',
		type: 'json',
		default: '',
		required: true,
		typeOptions: { rows: 10 },
		displayOptions: { show: { source: ['json'] } },
		placeholder: 'e.g. { "name": "road_closed", "language": "en_GB", "category": "UTILITY", … }',
		description: 'Name, language, category, parameter_format and components, each variable with an example',
		hint: 'Checked against the limits of Meta before it is submitted. Nothing that is at Meta already is changed.',
	},
];

export const description = updateDisplayOptions({ show: { resource: ['template'], operation: [value] } }, fields);

export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const { store, channel, api } = await openChannel(context);
	const { definition, warnings } =
		context.getNodeParameter('source', itemIndex) === 'json'
			? { definition: readDefinition(context.getNodeParameter('definition', itemIndex, '')), warnings: [] }
			: await fromLibrary(store, String(context.getNodeParameter('libraryTemplate', itemIndex, '', { extractValue: true }) ?? ''));
	return { ...(await submitTemplate({ store, api, channelId: channel.id }, definition)), warnings };
}

async function fromLibrary(store: Store, chosen: string): Promise<{ definition: TemplateDefinition; warnings: string[] }> {
	const { name, language } = parseTemplateChoice(chosen, 'Library Template');
	const entry = findInLibrary(packagedTemplates(), name, language);
	const desk = await store.execute(readDesk, undefined);
	const warnings = entry.reviewed ? [] : ['The Welsh of this template has not been reviewed. Have somebody whose language it is read it before residents do.'];
	return { definition: definitionToSubmit(entry, desk?.pageAddress ?? null), warnings };
}
