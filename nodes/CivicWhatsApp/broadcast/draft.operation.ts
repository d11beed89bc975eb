import { createHash } from 'node:crypto';
import { updateDisplayOptions, type IDataObject, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';
import { CivicError } from '../../../core/errors';
import { canonicalJson } from '../../../core/ledger/canonicalJson';
import { draftBroadcast, type BroadcastWish } from '../../../core/message/draftBroadcast';
import type { FeedEntry } from '../../../core/message/draftContent';
import { parseContributor, type Contributor } from '../../../core/message/draftPeople';
import { readPrices } from '../../../core/message/priceTable';
import { openChannel } from '../../shared/openChannel';
import { readMoment } from '../../shared/moment';
import { previewField, readTemplateChoice, templateField, templateValuesField } from '../../shared/templateFields';
import { textList } from '../../shared/textList';

export const value = 'draft';

const fields: INodeProperties[] = [
	{
		displayName: 'Title',
		name: 'title',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. Gritting tonight, routes 1 and 3',
		description: 'Short name of this broadcast, shown to the approver and in every report',
	},
	{
		displayName: 'Service',
		name: 'service',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. Highways',
		description: 'The council service that asks. It must be named in the rules of the channel.',
	},
	templateField,
	templateValuesField,
	previewField,
	{
		displayName: 'Topic',
		name: 'topic',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. Winter roads',
		description: 'Only people who follow this topic get it: consent is given by topic',
	},
	{
		displayName: 'Where',
		name: 'where',
		type: 'options',
		options: [
			{ name: 'Everywhere', value: 'everywhere' },
			{ name: 'These Areas', value: 'areas' },
		],
		default: 'areas',
		description: 'Everywhere must be chosen on purpose: a list of areas that turns out empty is refused',
	},
	{
		displayName: 'Areas',
		name: 'areas',
		type: 'string',
		default: '',
		placeholder: 'e.g. Route 1, Route 3',
		displayOptions: { show: { where: ['areas'] } },
		description: 'People in any of these areas, by name or code, separated by commas; an expression may give a list',
	},
	{
		displayName: 'Requested By',
		name: 'requestedBy',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. Priya Raman',
		description: 'Who asks for the broadcast. They cannot sign it off.',
	},
	{
		displayName: 'Requester Email',
		name: 'requesterEmail',
		type: 'string',
		default: '',
		placeholder: 'e.g. priya.raman@aldersea.example',
		description: 'Tells the requester from the approvers. Fill it in whenever it is known.',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'Contributors',
				name: 'contributors',
				type: 'fixedCollection',
				typeOptions: { multipleValues: true },
				default: {},
				description: 'Everybody else who worked on the words. They cannot sign either.',
				options: [
					{
						displayName: 'Contributor',
						name: 'contributor',
						values: [
							{ displayName: 'Name', name: 'name', type: 'string', default: '' },
							{ displayName: 'Email', name: 'email', type: 'string', default: '', placeholder: 'e.g. name@aldersea.example' },
						],
					},
				],
			},
			{
				displayName: 'Feed Content',
				name: 'feedContent',
				type: 'json',
				default: '',
				description: 'What the feed said, as text or JSON. Its fingerprint goes into the draft and the ledger.',
			},
			{
				displayName: 'Feed Entry ID',
				name: 'feedId',
				type: 'string',
				default: '',
				description: 'The publisher’s own key of the entry that led to this draft',
			},
			{
				displayName: 'Feed Name',
				name: 'feedName',
				type: 'string',
				default: '',
				placeholder: 'e.g. Open-Meteo forecast',
				description: 'The feed that led to this draft, if one did',
			},
			{
				displayName: 'Feed Time',
				name: 'feedTime',
				type: 'string',
				default: '',
				description: 'When the publisher issued the entry',
			},
			{
				displayName: 'Language of the Words',
				name: 'contentLanguage',
				type: 'options',
				options: [
					{ name: 'English', value: 'en' },
					{ name: 'Welsh', value: 'cy' },
				],
				default: 'en',
				description: 'What a screen reader should read the message in',
			},
			{
				displayName: 'Not After',
				name: 'notAfter',
				type: 'dateTime',
				default: '',
				description: 'Never send later than this. Empty means twelve hours after the draft or its earliest time.',
			},
			{
				displayName: 'Not Before',
				name: 'notBefore',
				type: 'dateTime',
				default: '',
				description: 'Never send earlier than this. Empty means as soon as it is signed.',
			},
			{
				displayName: 'Purpose',
				name: 'purpose',
				type: 'string',
				default: '',
				placeholder: 'e.g. A47 closure',
				description: 'What this draft is for, so that a newer one takes its place while it waits for sign-off. Empty means service, title and audience say it.',
			},
			{
				displayName: 'Replaces Draft',
				name: 'replaces',
				type: 'string',
				default: '',
				placeholder: 'e.g. 3f1c2a84-5a1e-4f5b-9a63-0d7c1e2b9f10',
				description: 'ID of the draft that was returned for change, and of which this is the new version. Whoever worked on that one cannot sign this one.',
			},
			{
				displayName: 'Requester Phone',
				name: 'requesterPhone',
				type: 'string',
				default: '',
				placeholder: 'e.g. 07700 900123',
				description: 'Bars the requester from signing under another name',
			},
		],
	},
];

export const description = updateDisplayOptions({ show: { resource: ['broadcast'], operation: [value] } }, fields);

export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const { store, channel, api } = await openChannel(context);
	const text = (name: string) => String(context.getNodeParameter(name, itemIndex, '') ?? '');
	const options = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	const zone = channel.rules.zone;
	const { template, parameters } = readTemplateChoice(context, itemIndex);
	const wish: BroadcastWish = {
		channelId: channel.id,
		service: text('service'),
		title: text('title'),
		template,
		parameters,
		contentLanguage: String(options.contentLanguage ?? 'en'),
		audience: {
			topic: text('topic').trim(),
			areas: text('where') === 'everywhere' ? null : textList(context.getNodeParameter('areas', itemIndex, '')),
		},
		notBefore: readMoment(options.notBefore, 'Not Before', zone),
		notAfter: readMoment(options.notAfter, 'Not After', zone),
		feed: readFeed(options),
		requester: parseContributor({ name: text('requestedBy'), email: text('requesterEmail'), phone: String(options.requesterPhone ?? '') }, 'Requested By'),
		contributors: readContributors(options),
		prices: readPrices(process.env.CIVIC_COMMS_PRICES),
		...given('purpose', options.purpose),
		...given('replaces', options.replaces),
	};
	const { id, digest, content, summary } = await draftBroadcast({ store, api }, wish);
	return {
		draftId: id,
		digest,
		title: content.title,
		service: content.service,
		mode: content.mode,
		category: content.category,
		message: summary.message as unknown as IDataObject,
		audience: summary.audience as unknown as IDataObject,
		cost: summary.cost as unknown as IDataObject,
		warnings: summary.warnings,
		notBefore: content.notBefore,
		notAfter: content.notAfter,
		feed: content.feed as unknown as IDataObject,
	};
}

/** A part of the wish that may be left out. */
function given(name: 'purpose' | 'replaces', value: unknown): { purpose?: string; replaces?: string } {
	const text = typeof value === 'string' ? value.trim() : '';
	return text === '' ? {} : { [name]: text };
}

function readContributors(options: IDataObject): Contributor[] {
	const collection = options.contributors as { contributor?: Array<{ name?: string; email?: string }> } | undefined;
	return (collection?.contributor ?? []).map((row) => parseContributor(row, 'Contributors'));
}

function readFeed(options: IDataObject): FeedEntry | null {
	const source = String(options.feedName ?? '').trim();
	const content = options.feedContent;
	if (source === '' && (content === undefined || content === '')) return null;
	if (source === '') throw new CivicError('input.invalid', "'Feed Name' is empty.", 'Say which feed led to this draft, or leave all feed fields empty.');
	const spelled = typeof content === 'string' ? content : canonicalJson(content ?? null);
	return {
		source,
		id: String(options.feedId ?? '').trim() || 'none',
		time: String(options.feedTime ?? '').trim() || 'unknown',
		hash: createHash('sha256').update(spelled, 'utf8').digest('hex'),
	};
}
