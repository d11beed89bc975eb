import type { ICredentialType, INodeProperties } from 'n8n-workflow';
import { accessFields } from './fields/accessFields';
import { directMessageFields } from './fields/directMessageFields';
import { ruleFields } from './fields/ruleFields';
import { signOffFields } from './fields/signOffFields';

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
		...signOffFields,
		...directMessageFields,
	];
}
