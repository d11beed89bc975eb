import type { ICredentialType, INodeProperties } from 'n8n-workflow';

/** Where this installation keeps its contacts, sign-offs, deliveries and ledger. The keys lie beside it, never here. */
export class CivicStoreApi implements ICredentialType {
	name = 'civicStoreApi';

	displayName = 'Civic Store API';

	icon = { light: 'file:civicStoreApi.svg', dark: 'file:civicStoreApi.dark.svg' } as const;

	documentationUrl = 'https://github.com/civic-comms/n8n-nodes-civic-comms#readme';

	restrictToSupportedNodes = true as const;

	/** The store is a file on this host: a list of allowed web addresses would say nothing. */
	hideDomainRestrictionFields = true;

	properties: INodeProperties[] = [
		{
			displayName: 'Engine',
			name: 'engine',
			type: 'options',
			noDataExpression: true,
			options: [
				{
					name: 'SQLite, One n8n Process',
					value: 'sqlite',
					description: 'One file on this host, nothing to set up. Not for n8n in queue mode.',
				},
			],
			default: 'sqlite',
			description: 'What holds the records. All Civic nodes of one installation must use the same store.',
		},
		{
			displayName: 'Folder',
			name: 'folder',
			type: 'string',
			default: '',
			placeholder: 'e.g. /srv/civic-comms',
			description:
				'Folder for the store and its key file. Leave it empty to use civic-comms inside the folder of n8n, which file nodes of flows cannot reach.',
			hint: 'Back up this folder as a whole: the store cannot be read without the key file in it.',
		},
	];
}
