import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../../shared/operation';
import * as deletion from './delete.operation';
import * as download from './download.operation';
import * as upload from './upload.operation';

export const operations = { delete: deletion, download, upload } satisfies Record<string, Operation>;

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['media'] } },
		options: [
			{
				name: 'Delete',
				value: 'delete',
				action: 'Delete file',
				description: 'Delete a file permanently',
			},
			{
				name: 'Download',
				value: 'download',
				action: 'Download file',
				description: 'Fetch what a person sent, such as a picture of a pothole',
			},
			{
				name: 'Upload',
				value: 'upload',
				action: 'Upload file',
				description: 'Bring a file to Meta once, to send it by its ID',
			},
		],
		default: 'upload',
	},
	...deletion.description,
	...download.description,
	...upload.description,
];
