import type { INodeProperties } from 'n8n-workflow';

/** Answers to offer: what is shown, and what comes back. */
const idField: INodeProperties = {
	displayName: 'ID',
	name: 'id',
	type: 'string',
	default: '',
	placeholder: 'e.g. bins',
	description: 'What Civic WhatsApp Trigger puts out when it is chosen. The title when it is empty.',
};

export const interactiveTypeField: INodeProperties = {
	displayName: 'Type',
	name: 'interactiveType',
	type: 'options',
	noDataExpression: true,
	options: [
		{ name: 'Buttons', value: 'buttons', description: 'Up to three answers to tap' },
		{ name: 'Link', value: 'link', description: 'A button that opens a web page' },
		{ name: 'List', value: 'list', description: 'A menu of up to ten choices' },
		{ name: 'Location Request', value: 'locationRequest', description: 'A button by which the person sends where they are' },
	],
	default: 'buttons',
	description: 'What the person can tap',
};

const shownFor = (...types: string[]) => ({ show: { interactiveType: types } });

export const answerFields: INodeProperties[] = [
	{
		displayName: 'Buttons',
		name: 'buttons',
		type: 'fixedCollection',
		placeholder: 'Add Button',
		typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Button' },
		displayOptions: shownFor('buttons'),
		default: {},
		description: 'One to three, each with a title of its own',
		options: [
			{
				displayName: 'Button',
				name: 'button',
				values: [{ displayName: 'Title', name: 'title', type: 'string', default: '', placeholder: 'e.g. Missed bin', description: 'At most 20 characters' }, idField],
			},
		],
	},
	{
		displayName: 'Menu Label',
		name: 'menuLabel',
		type: 'string',
		displayOptions: shownFor('list'),
		default: '',
		required: true,
		placeholder: 'e.g. Choose a service',
		description: 'What the button that opens the list says. At most 20 characters.',
	},
	{
		displayName: 'Rows',
		name: 'rows',
		type: 'fixedCollection',
		placeholder: 'Add Row',
		typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Row', sortable: true },
		displayOptions: shownFor('list'),
		default: {},
		description: 'One to ten choices',
		options: [
			{
				displayName: 'Row',
				name: 'row',
				values: [
					{ displayName: 'Title', name: 'title', type: 'string', default: '', placeholder: 'e.g. Bins', description: 'At most 24 characters' },
					{ displayName: 'Description', name: 'description', type: 'string', default: '', placeholder: 'e.g. Report a missed collection', description: 'At most 72 characters' },
					idField,
					{ displayName: 'Section', name: 'section', type: 'string', default: '', placeholder: 'e.g. Waste', description: 'Rows with the same section stand together under it. Needed only where there is more than one.' },
				],
			},
		],
	},
	{
		displayName: 'Button Text',
		name: 'linkText',
		type: 'string',
		displayOptions: shownFor('link'),
		default: '',
		required: true,
		placeholder: 'e.g. See the map',
		description: 'At most 20 characters',
	},
	{
		displayName: 'Link',
		name: 'linkUrl',
		type: 'string',
		displayOptions: shownFor('link'),
		default: '',
		required: true,
		placeholder: 'e.g. https://aldersea.example/gritting',
		description: 'The page that the button opens',
	},
];

/** What may stand around the words, but not around a request for a location. */
export const frameOptions: INodeProperties[] = [
	{ displayName: 'Footer', name: 'footer', type: 'string', default: '', placeholder: 'e.g. Aldersea Borough Council', description: 'At most 60 characters, in small print' },
	{ displayName: 'Header', name: 'header', type: 'string', default: '', placeholder: 'e.g. Gritting', description: 'At most 60 characters, in bold above the text' },
];
