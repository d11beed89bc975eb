import type { ICredentialType, INodeProperties } from 'n8n-workflow';
import { directMessageFields } from './fields/directMessageFields';

const accessFields: INodeProperties[] = [
	{
		displayName: 'Access Token',
		name: 'accessToken',
		type: 'string',
		typeOptions: { password: true },
		default: '',
		required: true,
		description:
			'Token of a system user in Meta Business Settings with the permissions whatsapp_business_messaging and whatsapp_business_management. Choose one that does not expire.',
	},
	{
		displayName: 'App Secret',
		name: 'appSecret',
		type: 'string',
		typeOptions: { password: true },
		default: '',
		required: true,
		description: 'From App Settings › Basic of the Meta app. Proves that what arrives at the desk was sent by Meta.',
	},
	{
		displayName: 'Previous App Secret',
		name: 'previousAppSecret',
		type: 'string',
		typeOptions: { password: true },
		default: '',
		description: 'Only while the app secret is being changed: the old one is still accepted. Empty it afterwards.',
	},
	{
		displayName: 'Verify Token',
		name: 'verifyToken',
		type: 'string',
		typeOptions: { password: true },
		default: '',
		required: true,
		description: 'A long word that you make up here and enter again where Meta asks for the webhook address of the desk',
	},
	{
		displayName: 'Phone Number ID',
		name: 'phoneNumberId',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. 106540352242922',
		description: 'From API Setup of the Meta app. It is not the phone number itself.',
	},
	{
		displayName: 'Business Account ID',
		name: 'businessAccountId',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. 102290129340398',
		description: 'The WhatsApp Business Account that the number belongs to, shown beside it in API Setup',
	},
	{
		displayName: 'Graph Address',
		name: 'graphUrl',
		type: 'string',
		default: 'https://graph.facebook.com',
		required: true,
		placeholder: 'e.g. https://graph.facebook.com',
		description: 'Where messages are handed over. Change it only to try things out against a simulator on this machine.',
		hint: 'The host of Meta or a loopback address such as http://127.0.0.1:8080. The token is sent nowhere else.',
	},
	{
		displayName: 'Graph Version',
		name: 'graphVersion',
		type: 'string',
		default: 'v26.0',
		required: true,
		placeholder: 'e.g. v26.0',
		description: 'Version of the Cloud API that this channel uses. Meta withdraws each version after about two years.',
	},
];

const ruleFields: INodeProperties[] = [
	{
		displayName: 'Services',
		name: 'services',
		type: 'fixedCollection',
		placeholder: 'Add Service',
		typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Service' },
		default: {},
		description: 'The council services that may send on this channel. A service that is not listed cannot draft a broadcast here.',
		options: [
			{
				displayName: 'Service',
				name: 'service',
				values: [
					{
						displayName: 'Name',
						name: 'name',
						type: 'string',
						default: '',
						placeholder: 'e.g. Highways',
						description: 'As it is entered in the flow and shown to the approver',
					},
				],
			},
		],
	},
	{
		displayName: 'Approvers',
		name: 'approvers',
		type: 'fixedCollection',
		placeholder: 'Add Approver',
		typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Approver' },
		default: {},
		description: 'The people who may sign off a broadcast. Whoever asked for it or worked on it cannot sign, so name at least two.',
		options: [
			{
				displayName: 'Approver',
				name: 'approver',
				values: [
					{
						displayName: 'Name',
						name: 'name',
						type: 'string',
						default: '',
						placeholder: 'e.g. Priya Raman',
						description: 'As it will stand in the ledger beside the decision',
					},
					{
						displayName: 'Email',
						name: 'email',
						type: 'string',
						default: '',
						placeholder: 'e.g. priya.raman@aldersea.example',
						description: 'Tells this person from others. Must be the address they use when they ask for a broadcast themselves.',
					},
					{
						displayName: 'Phone',
						name: 'phone',
						type: 'string',
						default: '',
						placeholder: 'e.g. +44 7700 900123',
						description: 'Where the sign-off link goes, by WhatsApp',
					},
				],
			},
		],
	},
	{
		displayName: 'Sign-Offs Needed',
		name: 'signaturesNeeded',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 10, numberPrecision: 0 },
		default: 1,
		description: 'How many approvers have to sign before a broadcast may leave',
	},
	{
		displayName: 'Decide Within (Hours)',
		name: 'decideWithinHours',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 336 },
		default: 12,
		description: 'How long approvers have. A request that nobody answered in this time counts as refused.',
	},
	{
		displayName: 'Reach',
		name: 'reach',
		type: 'number',
		typeOptions: { minValue: 1, numberPrecision: 0 },
		default: 5000,
		description: 'Most people one broadcast may go to. A larger audience is refused before anybody is asked to sign.',
	},
	{
		displayName: 'Messages per Second',
		name: 'messagesPerSecond',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 80, numberPrecision: 0 },
		default: 40,
		description: 'How fast a broadcast goes out. Meta takes up to 80 a second from a number, and answers to residents need a share of that.',
	},
	{
		displayName: 'Quiet Hours From',
		name: 'quietFrom',
		type: 'string',
		default: '',
		placeholder: 'e.g. 21:00',
		description: 'Start of the time of day in which no broadcast begins. Leave both ends empty for none.',
	},
	{
		displayName: 'Quiet Hours To',
		name: 'quietTo',
		type: 'string',
		default: '',
		placeholder: 'e.g. 07:00',
		description: 'End of the quiet hours. May lie on the next morning.',
	},
	{
		displayName: 'Time Zone',
		name: 'zone',
		type: 'string',
		default: 'Europe/London',
		placeholder: 'e.g. Europe/London',
		description: 'The zone in which quiet hours and the times shown to people are meant',
	},
	{
		displayName: 'Sign-Off Template',
		name: 'signOffTemplate',
		type: 'string',
		default: 'civic_sign_off_request',
		required: true,
		placeholder: 'e.g. civic_sign_off_request',
		description: 'Name of the approved WhatsApp template that carries the link to an approver',
	},
	{
		displayName: 'Template Language',
		name: 'templateLanguage',
		type: 'string',
		default: 'en_GB',
		required: true,
		placeholder: 'e.g. en_GB',
		description: 'Language code of the sign-off template, as Meta lists it',
	},
];

/**
 * A channel: one WhatsApp number, how to reach it, and the rules that hold for whoever sends on it. The rules live here
 * because a flow's author cannot edit what only IT can open.
 */
export class CivicWhatsAppApi implements ICredentialType {
	name = 'civicWhatsAppApi';

	displayName = 'Civic WhatsApp API';

	icon = { light: 'file:civicWhatsAppApi.svg', dark: 'file:civicWhatsAppApi.dark.svg' } as const;

	documentationUrl = 'https://github.com/civic-comms/n8n-nodes-civic-comms#readme';

	/** No node of another package may use the token, HTTP Request included: it would send around the rules below. */
	restrictToSupportedNodes = true as const;

	/** Our own rule is stricter than a list of domains: Meta's host or this machine, checked before each connection. */
	hideDomainRestrictionFields = true;

	properties: INodeProperties[] = [
		{
			displayName: 'Channel Name',
			name: 'channelName',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. Aldersea Borough Council',
			description: 'What your colleagues call this number. It is shown to approvers and in reports, not to residents.',
		},
		{
			displayName: 'Mode',
			name: 'mode',
			type: 'options',
			noDataExpression: true,
			options: [
				{
					name: 'Live',
					value: 'live',
					description: 'Messages reach residents, once this store has been adopted for the channel by a command on the host',
				},
				{
					name: 'Training',
					value: 'training',
					description: 'Messages reach only the approvers named below, whatever audience a flow chooses',
				},
			],
			default: 'training',
			description: 'Start with Training. A sign-off given in one mode does not hold in the other.',
		},
		...accessFields,
		...ruleFields,
		...directMessageFields,
	];
}
