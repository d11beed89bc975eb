import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { credentialTests } from '../shared/credentialTests';
import { operationOf, type Operation } from '../shared/operation';
import { runItems } from '../shared/runItems';
import * as broadcast from './broadcast';
import * as channel from './channel';
import * as conversation from './conversation';
import * as media from './media';
import * as message from './message';
import { previewMessage } from './methods/previewMessage';
import { searchAllTemplates } from './methods/searchAllTemplates';
import { searchLibrary } from './methods/searchLibrary';
import { searchStaff } from './methods/searchStaff';
import { searchTemplates } from './methods/searchTemplates';
import { getTemplateFields } from './methods/templateFields';
import * as template from './template';

const operations: Record<string, Record<string, Operation>> = {
	broadcast: broadcast.operations,
	channel: channel.operations,
	conversation: conversation.operations,
	media: media.operations,
	message: message.operations,
	template: template.operations,
};

export class CivicWhatsApp implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Civic WhatsApp',
		name: 'civicWhatsApp',
		icon: { light: 'file:civicWhatsApp.svg', dark: 'file:civicWhatsApp.dark.svg' },
		group: ['output'],
		version: [1],
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description: 'Draft a WhatsApp broadcast, send it once it is signed off, and see who got it',
		defaults: { name: 'Civic WhatsApp' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		// No tool for AI agents yet: what an agent may do here is decided together with drafts and previews.
		usableAsTool: undefined,
		credentials: [
			{ name: 'civicWhatsAppApi', displayName: 'Channel', required: true, testedBy: 'civicWhatsAppApiTest' },
			{ name: 'civicStoreApi', displayName: 'Store (only if it is not in n8n’s own folder)', required: false, testedBy: 'civicStoreApiTest' },
		],
		properties: [
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'Broadcast', value: 'broadcast' },
					{ name: 'Channel', value: 'channel' },
					{ name: 'Conversation', value: 'conversation' },
					{ name: 'Media', value: 'media' },
					{ name: 'Message', value: 'message' },
					{ name: 'Template', value: 'template' },
				],
				default: 'broadcast',
			},
			...broadcast.description,
			...channel.description,
			...conversation.description,
			...media.description,
			...message.description,
			...template.description,
		],
	};

	methods = {
		credentialTest: credentialTests,
		listSearch: { previewMessage, searchAllTemplates, searchLibrary, searchStaff, searchTemplates },
		resourceMapping: { getTemplateFields },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return runItems(this, (itemIndex) => {
			const resource = this.getNodeParameter('resource', itemIndex) as string;
			return operationOf(operations[resource], this.getNodeParameter('operation', itemIndex) as string);
		});
	}
}
