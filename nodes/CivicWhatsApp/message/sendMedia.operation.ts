import { updateDisplayOptions, type IDataObject, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';
import type { DirectSender } from '../../../core/dispatch/direct';
import { CivicError } from '../../../core/errors';
import { uploadOnce } from '../../../core/message/mediaUpload';
import type { MediaContent, MediaKind, MediaSource } from '../../../core/whatsapp/messages/media';
import { checkMediaFile } from '../../../core/whatsapp/messages/mediaFile';
import { binaryField, readFile } from '../../shared/mediaFields';
import { personField, quoteField } from '../../shared/personFields';
import { optionalText } from '../../shared/textOption';
import { directSender, sendToPerson } from './direct';

export const value = 'sendMedia';

const kinds = ['audio', 'document', 'image', 'sticker', 'video'] as const satisfies readonly MediaKind[];

const fields: INodeProperties[] = [
	personField,
	{
		displayName: 'Kind',
		name: 'mediaKind',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Audio', value: 'audio', description: 'AAC, AMR, MP3, MP4 or OGG; at most 16 MB' },
			{ name: 'Document', value: 'document', description: 'PDF, text or an Office file; at most 100 MB' },
			{ name: 'Image', value: 'image', description: 'JPEG or PNG; at most 5 MB' },
			{ name: 'Sticker', value: 'sticker', description: 'WebP; at most 100 KB, moving ones 500 KB' },
			{ name: 'Video', value: 'video', description: 'MP4 or 3GP; at most 16 MB' },
		],
		default: 'image',
		description: 'What the phone shows it as',
	},
	{
		displayName: 'File From',
		name: 'mediaFrom',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Input Data', value: 'binary', description: 'A file that comes with the item. The same file is uploaded once in 30 days.' },
			{ name: 'Link', value: 'link', description: 'A web address from which Meta fetches it' },
			{ name: 'Media ID', value: 'id', description: 'A file that was uploaded before' },
		],
		default: 'binary',
		description: 'Where the file is',
	},
	{ ...binaryField, displayOptions: { show: { mediaFrom: ['binary'] } } },
	{
		displayName: 'Media ID',
		name: 'mediaId',
		type: 'string',
		displayOptions: { show: { mediaFrom: ['id'] } },
		default: '={{ $json.mediaId }}',
		required: true,
		placeholder: 'e.g. 1003383421387256',
		description: 'What Media: Upload put out',
	},
	{
		displayName: 'Link',
		name: 'mediaLink',
		type: 'string',
		displayOptions: { show: { mediaFrom: ['link'] } },
		default: '',
		required: true,
		placeholder: 'e.g. https://aldersea.example/map.png',
		description: 'Open to everybody. Meta fetches it and keeps it for ten minutes.',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{ displayName: 'Caption', name: 'caption', type: 'string', default: '', placeholder: 'e.g. Where the road is closed', description: 'Words under an image, video or document. At most 1,024 characters.' },
			{ displayName: 'File Name', name: 'filename', type: 'string', default: '', placeholder: 'e.g. collection-days.pdf', description: 'What a document is called on the phone' },
			quoteField,
			{ displayName: 'Voice Note', name: 'voice', type: 'boolean', default: false, description: 'Whether audio is shown as a voice note. Needs OGG with Opus, mono.' },
		],
	},
];

export const description = updateDisplayOptions({ show: { resource: ['message'], operation: [value] } }, fields);

export async function execute(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const chosen = context.getNodeParameter('mediaKind', itemIndex, '');
	const kind = kinds.find((known) => known === chosen);
	if (kind === undefined) throw new CivicError('input.invalid', "'Kind' is none of those that the node offers.", 'Choose Audio, Document, Image, Sticker or Video.');
	const sender = await directSender(context);
	const { media, filename } = await sourceOf(context, itemIndex, kind, sender);
	const options = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	const [caption, name] = [optionalText(options.caption), optionalText(options.filename) ?? filename];
	// A caption where there can be none is refused in words by the check of the message, not dropped here.
	const content = {
		type: kind,
		media,
		...(caption === undefined ? {} : { caption }),
		...(kind === 'document' && name !== undefined ? { filename: name } : {}),
		...(kind === 'audio' && options.voice === true ? { voice: true } : {}),
	} as MediaContent;
	return sendToPerson(context, itemIndex, content, sender);
}

async function sourceOf(context: IExecuteFunctions, itemIndex: number, kind: MediaKind, sender: DirectSender): Promise<{ media: MediaSource; filename?: string }> {
	const text = (name: string) => String(context.getNodeParameter(name, itemIndex, '') ?? '').trim();
	switch (text('mediaFrom')) {
		case 'id':
			return { media: { id: text('mediaId') } };
		case 'link':
			return { media: { link: text('mediaLink') } };
		default: {
			const file = await readFile(context, itemIndex);
			const problems = checkMediaFile(kind, { mimeType: file.mimeType, sizeBytes: file.bytes.length });
			if (problems.length > 0) throw new CivicError('media.unusable', problems.map(({ message }) => message).join(' '), 'Choose another kind, or save the file in another format or smaller. Nothing was sent.');
			const { mediaId } = await uploadOnce(sender, file);
			return { media: { id: mediaId }, filename: file.filename };
		}
	}
}
