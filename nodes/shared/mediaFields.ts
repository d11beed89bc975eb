import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { CivicError } from '../../core/errors';
import type { MediaFile } from '../../core/message/mediaUpload';
import { typed } from '../../core/whatsapp/redaction';

export const binaryField: INodeProperties = {
	displayName: 'Input Binary Field',
	name: 'binaryPropertyName',
	type: 'string',
	default: 'data',
	required: true,
	placeholder: 'e.g. data',
	hint: 'The name of the input field containing the file',
};

/**
 * The file in the item's binary data.
 * @throws CivicError input.invalid when the item carries none under that name
 */
export async function readFile(context: IExecuteFunctions, itemIndex: number): Promise<MediaFile> {
	const name = String(context.getNodeParameter('binaryPropertyName', itemIndex, 'data') ?? '').trim();
	const binary = context.getInputData()[itemIndex]?.binary?.[name];
	if (binary === undefined) {
		throw new CivicError('input.invalid', `The item holds no file called "${typed(name)}".`, "Connect a node that puts out a file, and give the name of its field in 'Input Binary Field'.");
	}
	return { bytes: await context.helpers.getBinaryDataBuffer(itemIndex, name), mimeType: binary.mimeType, filename: binary.fileName ?? `file.${binary.fileExtension ?? 'bin'}` };
}
