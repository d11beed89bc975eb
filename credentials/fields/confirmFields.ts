import type { INodeProperties } from 'n8n-workflow';

/** How approvers show that it is them. */
export const confirmFields: INodeProperties[] = [
	{
		displayName: 'Confirm by Code',
		name: 'confirmByCode',
		type: 'boolean',
		default: false,
		description:
			'Whether every decision needs a six-digit code besides the link. The approver asks for it on the page, and it goes to their phone by WhatsApp. Links that another workflow sends always need it.',
	},
	{
		displayName: 'Code Template',
		name: 'codeTemplate',
		type: 'string',
		default: 'civic_confirmation_code',
		description: 'Authentication template that carries such a code, in the language of the sign-off template. <i>Template: Submit</i> registers it.',
	},
];
