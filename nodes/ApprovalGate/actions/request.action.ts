import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';

export const value = 'request';

const fields: INodeProperties[] = [
	{
		displayName:
			'A desk must be on: import <i>workflows/desk.json</i> and activate it. Send Broadcast looks the sign-off up in the store, so a disabled gate or "Always Output Data" never sends anything.',
		name: 'deskNotice',
		type: 'notice',
		default: '',
	},
	{
		displayName: 'Draft ID',
		name: 'draftId',
		type: 'string',
		default: '={{ $json.draftId }}',
		required: true,
		description: 'The draft to be signed. What is signed is its fingerprint: an edit is another draft.',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'Ask Only',
				name: 'ask',
				type: 'string',
				default: '',
				placeholder: 'e.g. Morgan Ellis, jo.hale@aldersea.example',
				description: 'Names or e-mail addresses of approvers, separated by commas. Narrows the rules of the channel, never widens them.',
			},
			{
				displayName: 'Decide Within (Hours)',
				name: 'decideWithinHours',
				type: 'number',
				typeOptions: { minValue: 0.1 },
				default: 4,
				description: 'A shorter time to decide than the rules give. After it the draft leaves by Expired.',
			},
			{
				displayName: 'Sign-Offs Needed',
				name: 'signatures',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 10, numberPrecision: 0 },
				default: 2,
				description: 'More sign-offs than the rules of the channel ask for. A smaller number changes nothing.',
			},
		],
	},
];

export const description = updateDisplayOptions({ show: { action: [value] } }, fields);
