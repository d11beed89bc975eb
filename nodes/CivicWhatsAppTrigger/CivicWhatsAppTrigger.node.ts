import { NodeConnectionTypes, type INodeType, type INodeTypeDescription, type ITriggerFunctions, type ITriggerResponse } from 'n8n-workflow';
import { credentialTests } from '../shared/credentialTests';
import { toNodeError } from '../shared/toNodeError';
import { listen } from './listen';

export class CivicWhatsAppTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Civic WhatsApp Trigger',
		name: 'civicWhatsAppTrigger',
		icon: { light: 'file:civicWhatsAppTrigger.svg', dark: 'file:civicWhatsAppTrigger.dark.svg' },
		group: ['trigger'],
		version: [1],
		subtitle: '={{ $parameter["events"].join(", ") }}',
		description: 'Starts when a resident writes, taps a button or opts out',
		defaults: { name: 'Civic WhatsApp Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		eventTriggerDescription: 'Waiting for a message to the number of this channel',
		activationMessage: 'This flow now gets every new event of the channel once. The desk must be on for events to arrive.',
		credentials: [
			{ name: 'civicWhatsAppApi', displayName: 'Channel', required: true, testedBy: 'civicWhatsAppApiTest' },
			{ name: 'civicStoreApi', displayName: 'Store (only if it is not in n8n’s own folder)', required: false, testedBy: 'civicStoreApiTest' },
		],
		properties: [
			{
				displayName: 'Trigger On',
				name: 'events',
				type: 'multiOptions',
				options: [
					{ name: 'Button Tapped', value: 'button', description: 'A quick reply, a button or a row of a list' },
					{ name: 'Message Received', value: 'message', description: 'Text, picture, voice note, place or any other message' },
					{ name: 'Opted Out', value: 'opt-out', description: 'Somebody asked to be left alone; it is obeyed already' },
					{ name: 'Preference Changed', value: 'preference', description: 'Somebody used WhatsApp’s own switch for marketing messages' },
					{ name: 'Reaction', value: 'reaction', description: 'Somebody put an emoji on a message' },
				],
				default: ['message', 'button'],
				required: true,
			},
			{
				displayName: 'Include Content',
				name: 'includeContent',
				type: 'boolean',
				default: false,
				description: 'Whether to put out the words and the name of the person too',
				hint: 'Without it the flow holds IDs only. With it, what people write stays in the execution data of n8n until it is pruned.',
			},
		],
	};

	methods = { credentialTest: credentialTests };

	async trigger(this: ITriggerFunctions): Promise<ITriggerResponse> {
		try {
			return await listen(this);
		} catch (thrown) {
			throw toNodeError(this.getNode(), thrown);
		}
	}
}
