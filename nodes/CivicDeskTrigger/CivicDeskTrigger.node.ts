import {
	NodeConnectionTypes,
	type IHookFunctions,
	type INode,
	type INodeType,
	type INodeTypeDescription,
	type ITriggerFunctions,
	type ITriggerResponse,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import { credentialTests } from '../shared/credentialTests';
import { toNodeError } from '../shared/toNodeError';
import { closeHere, isOpenHere, openHere } from './deskAddress';
import { serve } from './serve';
import { tendWhileActive } from './tendWhileActive';

export class CivicDeskTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Civic Desk Trigger',
		name: 'civicDeskTrigger',
		icon: { light: 'file:civicDeskTrigger.svg', dark: 'file:civicDeskTrigger.dark.svg' },
		group: ['trigger'],
		version: [1],
		subtitle: 'Webhooks and sign-off pages',
		description: 'The addresses of this installation: what Meta calls and what approvers open. Active in exactly one workflow, always.',
		defaults: { name: 'Civic Desk Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		eventTriggerDescription: '',
		activationMessage: 'The desk is on. At Meta, enter the production URL of this node that ends in /whatsapp as callback URL.',
		credentials: [{ name: 'civicStoreApi', displayName: 'Store (only if it is not in n8n’s own folder)', required: false, testedBy: 'civicStoreApiTest' }],
		webhooks: [
			// The first entry is the one whose address n8n can tell a node: it carries the base of every page link.
			{ name: 'default', httpMethod: 'GET', path: 'desk/:token', isFullPath: true, responseMode: 'onReceived', responseData: '' },
			{ name: 'default', httpMethod: 'POST', path: 'desk/:token', isFullPath: true, responseMode: 'onReceived', responseData: '' },
			{ name: 'default', httpMethod: 'HEAD', path: 'desk/:token', isFullPath: true, responseMode: 'onReceived', responseData: '' },
			{ name: 'default', httpMethod: 'GET', path: 'whatsapp', responseMode: 'onReceived', responseData: '' },
			{ name: 'default', httpMethod: 'POST', path: 'whatsapp', responseMode: 'onReceived', responseData: '' },
		],
		properties: [
			{
				displayName:
					'Activate this workflow and leave it on. It starts no executions: webhooks are checked and stored, pages are served. Flows take what came in from a <i>Civic WhatsApp Trigger</i>.',
				name: 'notice',
				type: 'notice',
				default: '',
			},
		],
	};

	methods = { credentialTest: credentialTests };

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return isOpenHere(this).catch(told(this.getNode()));
			},
			async create(this: IHookFunctions): Promise<boolean> {
				return openHere(this).then(done, told(this.getNode()));
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				return closeHere(this).then(done, told(this.getNode()));
			},
		},
	};

	async trigger(this: ITriggerFunctions): Promise<ITriggerResponse> {
		return tendWhileActive(this).catch(told(this.getNode()));
	}

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return serve(this);
	}
}

const done = () => true;

const told = (node: INode) => (thrown: unknown) => {
	throw toNodeError(node, thrown);
};
