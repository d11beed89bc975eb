import { updateDisplayOptions, type IDataObject, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';
import { sendDirectTemplate } from '../../../core/dispatch/direct';
import { staffOf } from '../../../core/channel/rules';
import { CivicError } from '../../../core/errors';
import { requireApproved } from '../../../core/message/requireApproved';
import { sendStaffNotice } from '../../../core/message/staffNotice';
import { typed } from '../../../core/whatsapp/redaction';
import { openChannel } from '../../shared/openChannel';
import { personField, readPerson } from '../../shared/personFields';
import { previewField, readTemplateChoice, templateField, templateValuesField } from '../../shared/templateFields';
import { directSender } from './direct';

export const value = 'sendTemplate';

const longestShown = 100;

const fields: INodeProperties[] = [
	{
		displayName: 'Send To',
		name: 'sendTo',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Colleague', value: 'colleague', description: 'Somebody named in the rules of the channel' },
			{ name: 'Resident', value: 'person', description: 'One person, where the rules of the channel allow direct messages' },
		],
		default: 'colleague',
		description: 'Who gets it. Several residents are reached by a broadcast.',
	},
	{ ...personField, displayOptions: { show: { sendTo: ['person'] } } },
	{
		displayName: 'Colleague',
		name: 'colleague',
		type: 'resourceLocator',
		displayOptions: { show: { sendTo: ['colleague'] } },
		default: { mode: 'list', value: '' },
		required: true,
		description: 'Somebody named in the rules of the channel',
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'Select a colleague...',
				typeOptions: { searchListMethod: 'searchStaff', searchable: true },
			},
			{
				displayName: 'By Email',
				name: 'email',
				type: 'string',
				placeholder: 'e.g. priya.raman@aldersea.example',
			},
		],
	},
	templateField,
	templateValuesField,
	previewField,
];

export const description = updateDisplayOptions({ show: { resource: ['message'], operation: [value] } }, fields);

export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	return context.getNodeParameter('sendTo', itemIndex, 'colleague') === 'person' ? toPerson(context, itemIndex) : toColleague(context, itemIndex);
}

async function toPerson(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const report = await sendDirectTemplate(await directSender(context), { to: readPerson(context, itemIndex), ...readTemplateChoice(context, itemIndex) });
	return { ...report };
}

async function toColleague(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const { store, channel, api } = await openChannel(context);
	const email = String(context.getNodeParameter('colleague', itemIndex, '', { extractValue: true }) ?? '').trim().toLowerCase();
	const colleague = staffOf(channel.rules).find((person) => person.email === email);
	if (colleague === undefined) {
		throw new CivicError(
			'channel.rules',
			// Somebody may have entered a number: no error shows a whole one.
			`The rules of channel "${channel.name}" name nobody with the e-mail address "${typed(email, longestShown)}".`,
			'Pick somebody from the list. IT adds people in the credential "Civic WhatsApp API".',
		);
	}
	const { template: choice, parameters } = readTemplateChoice(context, itemIndex);
	const { value: template } = await api.getTemplate(choice.name, choice.language);
	requireApproved(template);
	const sent = await sendStaffNotice(
		{ store, api },
		{ channelId: channel.id, purpose: 'message', about: null, to: colleague.phone, template, parameters },
	);
	return { to: colleague.name, ...sent };
}
