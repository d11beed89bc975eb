import type { INodeProperties } from 'n8n-workflow';

/** What residents and budgets are spared; part of the channel's credential. */
export const capFields: INodeProperties[] = [
	{
		displayName: 'Messages to One Person a Week',
		name: 'messagesPerPersonPerWeek',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 1000, numberPrecision: 0 },
		default: 0,
		description: 'Most broadcast messages that anybody gets in seven days; whoever has had as many is left out. 0 means no limit.',
	},
	{
		displayName: 'Emergency Topics',
		name: 'emergencyTopics',
		type: 'string',
		default: '',
		placeholder: 'e.g. Emergency, Flood warnings',
		description: 'Topics, separated by commas, that go to everybody whatever they have had this week',
	},
	{
		displayName: 'Spend of a Service a Month',
		name: 'spendPerServicePerMonth',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 0,
		description: 'Most that each service may spend in a calendar month, by estimate, in the currency of the price table. 0 means no limit.',
	},
];
