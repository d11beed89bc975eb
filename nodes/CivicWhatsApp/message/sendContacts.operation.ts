import { updateDisplayOptions, type IDataObject, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';
import type { ContactCard } from '../../../core/whatsapp/messages/contacts';
import { personField, quoteField } from '../../shared/personFields';
import { optionalText, rowsOf } from '../../shared/textOption';
import { sendToPerson } from './direct';

export const value = 'sendContacts';

const fields: INodeProperties[] = [
	personField,
	{
		displayName: 'Contact Cards',
		name: 'cards',
		type: 'fixedCollection',
		placeholder: 'Add Contact Card',
		typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Contact Card' },
		default: {},
		description: 'People or services whose details the phone offers to save',
		options: [
			{
				displayName: 'Contact Card',
				name: 'card',
				values: [
					{
						displayName: 'Email',
						name: 'mail',
						type: 'string',
						default: '',
						placeholder: 'e.g. youth@aldersea.example',
						description: 'An address to write to',
					},
					{
						displayName: 'First Name',
						name: 'firstName',
						type: 'string',
						default: '',
						placeholder: 'e.g. Youth Support',
						description: 'WhatsApp wants one part of the name beside the full name. The full name is used when this is empty.',
					},
					{
						displayName: 'Full Name',
						name: 'formattedName',
						type: 'string',
						default: '',
						placeholder: 'e.g. Aldersea Youth Support',
						description: 'As the phone shows it',
					},
					{
						displayName: 'Last Name',
						name: 'lastName',
						type: 'string',
						default: '',
						placeholder: 'e.g. Raman',
						description: 'Family name of a person',
					},
					{
						displayName: 'Organisation',
						name: 'company',
						type: 'string',
						default: '',
						placeholder: 'e.g. Aldersea Borough Council',
						description: 'Where the person works',
					},
					{
						displayName: 'Phone',
						name: 'phone',
						type: 'string',
						default: '',
						placeholder: 'e.g. +44 1632 960123',
						description: 'A number to ring or write to',
					},
					{
						displayName: 'Website',
						name: 'url',
						type: 'string',
						default: '',
						placeholder: 'e.g. https://aldersea.example/youth',
						description: 'A page about the person or service',
					},
				],
			},
		],
	},
	{ displayName: 'Options', name: 'options', type: 'collection', placeholder: 'Add option', default: {}, options: [quoteField] },
];

export const description = updateDisplayOptions({ show: { resource: ['message'], operation: [value] } }, fields);

export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const cards = rowsOf(context.getNodeParameter('cards', itemIndex, {}), 'card');
	return sendToPerson(context, itemIndex, { type: 'contacts', contacts: cards.map(cardOf) });
}

function cardOf(row: Record<string, unknown>): ContactCard {
	const text = (name: string) => optionalText(row[name]);
	const formattedName = text('formattedName') ?? '';
	const [lastName, phone, email, company, url] = ['lastName', 'phone', 'mail', 'company', 'url'].map(text);
	return {
		name: { formattedName, firstName: text('firstName') ?? formattedName, ...(lastName === undefined ? {} : { lastName }) },
		...(phone === undefined ? {} : { phones: [{ phone }] }),
		...(email === undefined ? {} : { emails: [{ email }] }),
		...(company === undefined ? {} : { org: { company } }),
		...(url === undefined ? {} : { urls: [{ url }] }),
	};
}
