import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import { credentialTests } from '../shared/credentialTests';
import { refusedItem } from '../shared/refusedItem';
import { toNodeError } from '../shared/toNodeError';
import { askForSignOff } from './askForSignOff';
import { goOnWhenDecided } from './goOnWhenDecided';
import { laneNames } from './lanes';
import { resumeWebhooks } from './resumeWebhooks';

export class ApprovalGate implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Civic Approval Gate',
		name: 'approvalGate',
		icon: { light: 'file:approvalGate.svg', dark: 'file:approvalGate.dark.svg' },
		group: ['organization'],
		version: [1],
		subtitle: 'Request sign-off and wait',
		description: 'Have exactly this draft signed by the people in the rules of the channel; silence is no',
		defaults: { name: 'Civic Approval Gate' },
		inputs: [NodeConnectionTypes.Main],
		// Output 0 is where n8n lets things fall out without a decision, so it is the lane on which nothing may be sent.
		outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main, NodeConnectionTypes.Main],
		outputNames: [...laneNames],
		usableAsTool: undefined,
		credentials: [
			{ name: 'civicWhatsAppApi', displayName: 'Channel', required: true, testedBy: 'civicWhatsAppApiTest' },
			{ name: 'civicStoreApi', displayName: 'Store (only if it is not in n8n’s own folder)', required: false, testedBy: 'civicStoreApiTest' },
		],
		webhooks: resumeWebhooks,
		properties: [
			{
				// Hidden: n8n checks the signature of a resume address for this value only.
				displayName: 'Operation',
				name: 'operation',
				type: 'hidden',
				default: 'sendAndWait',
			},
			{
				displayName:
					'A desk must be on: import <i>workflows/desk.json</i> and activate it. <i>Broadcast: Send</i> looks the sign-off up in the store, so a disabled gate or "Always Output Data" never sends anything.',
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
				],
			},
		],
	};

	methods = { credentialTest: credentialTests };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		try {
			return await askForSignOff(this);
		} catch (thrown) {
			const refusal = toNodeError(this.getNode(), thrown, 0);
			if (!this.continueOnFail()) throw refusal;
			// Were it thrown, n8n would pass the input on by output 0 as if nothing had happened.
			return [[refusedItem(refusal, 0)], [], []];
		}
	}

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return goOnWhenDecided(this);
	}
}
