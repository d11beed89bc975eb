import type { INodeProperties } from 'n8n-workflow';
import type { Operation } from '../../shared/operation';
import * as react from './react.operation';
import * as reply from './reply.operation';
import * as sendContacts from './sendContacts.operation';
import * as sendInteractive from './sendInteractive.operation';
import * as sendLocation from './sendLocation.operation';
import * as sendMedia from './sendMedia.operation';
import * as sendTemplate from './sendTemplate.operation';

export const operations = { react, reply, sendContacts, sendInteractive, sendLocation, sendMedia, sendTemplate } satisfies Record<string, Operation>;

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['message'] } },
		options: [
			{
				name: 'React',
				value: 'react',
				action: 'React to message',
				description: 'Put an emoji on what a person sent',
			},
			{
				name: 'Reply',
				value: 'reply',
				action: 'Reply to person',
				description: 'Answer somebody in words, within 24 hours after they wrote',
			},
			{
				name: 'Send Contacts',
				value: 'sendContacts',
				action: 'Send contact cards',
				description: 'Offer the details of people or services to save',
			},
			{
				name: 'Send Interactive',
				value: 'sendInteractive',
				action: 'Send interactive message',
				description: 'Offer buttons, a menu or a link, or ask where the person is',
			},
			{
				name: 'Send Location',
				value: 'sendLocation',
				action: 'Send location',
				description: 'Show a place on the map',
			},
			{
				name: 'Send Media',
				value: 'sendMedia',
				action: 'Send file',
				description: 'Send an image, a video, a document, audio or a sticker',
			},
			{
				name: 'Send Template',
				value: 'sendTemplate',
				action: 'Send template to one person',
				description: 'Send an approved template to a colleague, or to one resident where the rules of the channel allow it',
			},
		],
		default: 'sendTemplate',
	},
	...react.description,
	...reply.description,
	...sendContacts.description,
	...sendInteractive.description,
	...sendLocation.description,
	...sendMedia.description,
	...sendTemplate.description,
];
