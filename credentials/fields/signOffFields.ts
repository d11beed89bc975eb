import type { INodeProperties } from 'n8n-workflow';

const person = (role: string): INodeProperties[] => [
	{ displayName: 'Name', name: 'name', type: 'string', default: '', placeholder: 'e.g. Lee Marsh', description: 'As it will stand in the ledger beside the decision' },
	{ displayName: 'Email', name: 'email', type: 'string', default: '', placeholder: 'e.g. lee.marsh@aldersea.example', description: 'Tells this person from others' },
	{ displayName: 'Phone', name: 'phone', type: 'string', default: '', placeholder: 'e.g. +44 7700 900905', description: 'Where the sign-off link goes, by WhatsApp' },
	{
		displayName: 'Stands In For',
		name: 'standsFor',
		type: 'string',
		default: '',
		placeholder: 'e.g. jo.hale@aldersea.example',
		description: `E-mail address of the approver in whose place the ${role} signs. The two count as one.`,
	},
];

/** Who signs in which order, who else may, and what needs more signatures; part of the channel's credential. */
export const signOffFields: INodeProperties[] = [
	{
		displayName: 'Stages',
		name: 'stages',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Stage', sortable: true },
		default: {},
		description: 'Who signs after whom. Leave empty to let any approver sign; with stages, Sign-Offs Needed does not count.',
		options: [
			{
				displayName: 'Stage',
				name: 'stage',
				values: [
					{ displayName: 'Role', name: 'role', type: 'string', default: '', placeholder: 'e.g. Director', description: 'The role of the approvers who sign in this step' },
					{
						displayName: 'Sign-Offs',
						name: 'signatures',
						type: 'number',
						typeOptions: { minValue: 1, maxValue: 10, numberPrecision: 0 },
						default: 1,
						description: 'How many of them have to sign',
					},
				],
			},
		],
	},
	{
		displayName: 'Deputies',
		name: 'deputies',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Deputy' },
		default: {},
		description: 'Who is asked when an approver lets time pass. Needs Ask Deputies After.',
		options: [{ displayName: 'Deputy', name: 'deputy', values: person('deputy') }],
	},
	{
		displayName: 'Delegations',
		name: 'delegations',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Delegation' },
		default: {},
		description: 'Who is asked instead of an approver on certain days, such as a holiday',
		options: [
			{
				displayName: 'Delegation',
				name: 'delegation',
				values: [
					...person('delegate'),
					{ displayName: 'From', name: 'from', type: 'string', default: '', placeholder: 'e.g. 2026-12-24', description: 'First day, in the time zone of the channel' },
					{ displayName: 'Until', name: 'until', type: 'string', default: '', placeholder: 'e.g. 2027-01-02', description: 'Last day, included' },
				],
			},
		],
	},
	{
		displayName: 'Remind After (Hours)',
		name: 'remindAfterHours',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 0,
		description: 'Whoever has not decided is reminded once after so long. 0 means never.',
	},
	{
		displayName: 'Ask Deputies After (Hours)',
		name: 'escalateAfterHours',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 0,
		description: 'Deputies of those who have not decided are asked as well after so long. 0 means never.',
	},
	{
		displayName: 'Extra Sign-Offs Above a Reach',
		name: 'extraAboveReach',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 0 },
		default: 0,
		description: 'A broadcast to more people than this needs extra sign-offs. 0 means never.',
	},
	{
		displayName: 'How Many Above That Reach',
		name: 'extraAboveReachSignatures',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 10, numberPrecision: 0 },
		default: 1,
		description: 'How many sign-offs are added above that reach',
	},
	{
		displayName: 'Extra Sign-Offs for Topics',
		name: 'extraTopics',
		type: 'string',
		default: '',
		placeholder: 'e.g. Emergency, Elections',
		description: 'Topics, separated by commas, that need extra sign-offs',
	},
	{
		displayName: 'How Many for Those Topics',
		name: 'extraTopicsSignatures',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 10, numberPrecision: 0 },
		default: 1,
		description: 'How many sign-offs are added for those topics',
	},
	{
		displayName: 'Extra Sign-Offs in Quiet Hours',
		name: 'extraInQuietHours',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 10, numberPrecision: 0 },
		default: 0,
		description: 'With so many more sign-offs a broadcast may begin in quiet hours. 0 means nothing does.',
	},
];
