import type { INodeProperties } from 'n8n-workflow';

const whereAllowed = { show: { directMessages: ['replies', 'all'] } };

/** The rules on messages to one resident that nobody signs; part of the channel's credential. */
export const directMessageFields: INodeProperties[] = [
	{
		displayName: 'Direct Messages',
		name: 'directMessages',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Off', value: 'off', description: 'Whatever goes to a resident has been signed off. A flow cannot answer either.' },
			{ name: 'Replies and Templates', value: 'all', description: 'A flow may also write first to one person at a time, with an approved template' },
			{ name: 'Replies Only', value: 'replies', description: 'A flow may answer people for 24 hours after they wrote' },
		],
		default: 'off',
		description: 'Whether a flow may write to one resident without sign-off. Opt-outs, training mode and the limits below hold in any case.',
	},
	{
		displayName: 'People an Hour',
		name: 'directPeoplePerHour',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 1000, numberPrecision: 0 },
		displayOptions: whereAllowed,
		default: 20,
		description: 'Most different people who may be written to like this in any hour. Beyond it, draft a broadcast.',
	},
	{
		displayName: 'People for One Content',
		name: 'directPeoplePerContent',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 1000, numberPrecision: 0 },
		displayOptions: whereAllowed,
		default: 5,
		description: 'Most different people who may get the same content in any 24 hours. The same words to more people are a broadcast.',
	},
	{
		displayName: 'Count Replies',
		name: 'directCountReplies',
		type: 'boolean',
		displayOptions: whereAllowed,
		default: true,
		description: 'Whether replies count towards the two limits too',
		hint: 'Switch it off only where a flow answers many people who ask for something, such as which bin is collected when.',
	},
];
