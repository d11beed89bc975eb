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
import { operationOf } from '../shared/operation';
import { runItems } from '../shared/runItems';
import { actions, description } from './actions';
import { askForSignOff } from './askForSignOff';
import { goOnWhenDecided } from './goOnWhenDecided';
import { outputsByAction } from './lanes';
import { resumeWebhooks } from './resumeWebhooks';

export class ApprovalGate implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Civic Approval Gate',
		name: 'approvalGate',
		icon: { light: 'file:approvalGate.svg', dark: 'file:approvalGate.dark.svg' },
		group: ['organization'],
		version: [1],
		subtitle: '={{ { request: "Request sign-off and wait", getMany: "Get many", withdraw: "Withdraw", housekeep: "Keep house" }[$parameter["action"]] }}',
		description: 'Have exactly this draft signed by the people in the rules of the channel; silence is no',
		defaults: { name: 'Civic Approval Gate' },
		inputs: [NodeConnectionTypes.Main],
		// Output 0 is where n8n lets things fall out without a decision, so it is the lane on which nothing may be sent.
		outputs: outputsByAction,
		usableAsTool: undefined,
		credentials: [
			{ name: 'civicWhatsAppApi', required: true, testedBy: 'civicWhatsAppApiTest' },
			{ name: 'civicStoreApi', required: false, testedBy: 'civicStoreApiTest' },
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
			...description,
		],
	};

	methods = { credentialTest: credentialTests };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const action = this.getNodeParameter('action', 0, 'request') as string;
		if (action !== 'request') return runItems(this, () => operationOf(actions, action));
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
