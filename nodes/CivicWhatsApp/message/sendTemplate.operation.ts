import { updateDisplayOptions, type IDataObject, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';
import { CivicError } from '../../../core/errors';
import { requireApproved } from '../../../core/message/requireApproved';
import { sendStaffNotice } from '../../../core/message/staffNotice';
import { redact } from '../../../core/whatsapp/redaction';
import { openChannel } from '../../shared/openChannel';
import { readTemplateChoice, templateField, templateValuesField } from '../../shared/templateFields';

export const value = 'sendTemplate';

const longestShown = 100;

const fields: INodeProperties[] = [
	{
		displayName: 'Colleague',
		name: 'colleague',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required: true,
		description: 'Somebody named in the rules of the channel. Residents are reached by broadcasts only.',
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
];

export const description = updateDisplayOptions({ show: { resource: ['message'], operation: [value] } }, fields);

export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const { store, channel, api } = await openChannel(context);
	const email = String(context.getNodeParameter('colleague', itemIndex, '', { extractValue: true }) ?? '').trim().toLowerCase();
	const colleague = channel.rules.approvers.find((person) => person.email === email);
	if (colleague === undefined) {
		throw new CivicError(
			'channel.rules',
			// Somebody may have entered a number: no error shows a whole one.
			`The rules of channel "${channel.name}" name nobody with the e-mail address "${redact(email, longestShown)}".`,
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
