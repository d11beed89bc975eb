import { CivicError, isCivicError } from '../errors';
import type { CloudApi } from '../whatsapp/cloudApi';
import { isMediaId } from '../whatsapp/messages/media';
import { checkMediaFile } from '../whatsapp/messages/mediaFile';
import type { Template } from '../whatsapp/template';
import { parameterFields, type TemplateValues } from '../whatsapp/templateParameters';
import { headerMediaKind, type HeaderMediaKind } from '../whatsapp/templateScope';

/** A file of a draft, by its content: what was signed is this file and no other. */
export interface DraftMedia {
	/** The parameter that names the upload: `header_image`. */
	field: string;
	kind: HeaderMediaKind;
	mimeType: string;
	/** Hex. */
	sha256: string;
	sizeBytes: number;
}

/**
 * Fixes the file in the header of a template by its hash, as Meta gives it for the upload. A link is refused: what stands
 * behind it can be another picture by the time it is sent.
 * @throws CivicError template.parameters, media.unknown, media.unusable, and what reading at Meta throws
 */
export async function pinMedia(api: CloudApi, template: Template, values: TemplateValues): Promise<DraftMedia[]> {
	const kind = headerMediaKind(template);
	const field = parameterFields(template).find((one) => one.kind === 'media');
	if (kind === undefined || field === undefined) return [];
	const id = values[field.key];
	if (!isMediaId(id)) {
		throw new CivicError(
			'template.parameters',
			`Template "${template.name}": '${field.label}' is a link, and what stands behind a link can change after the draft is signed.`,
			'Upload the file (Media: Upload) and give the ID that it puts out.',
		);
	}
	const { mimeType, sha256, sizeBytes } = await api.mediaDetails(id);
	if (sha256 === undefined || sizeBytes === undefined) {
		throw new CivicError('media.unusable', `Meta does not tell what is in the file of '${field.label}', so no draft can be made of it.`, 'Upload the file again and give the new ID.');
	}
	const problems = checkMediaFile(kind, { mimeType, sizeBytes });
	if (problems.length > 0) throw new CivicError('media.unusable', `Template "${template.name}": ${problems.map(({ message }) => message).join(' ')}`, 'Upload another file and draft again.');
	return [{ field: field.key, kind, mimeType, sha256, sizeBytes }];
}

/**
 * Looks, before the first message leaves, whether the uploads are still at Meta and still what was signed.
 * @throws CivicError template.changed
 */
export async function requireSameMedia(api: CloudApi, variant: { template: string; parameters: TemplateValues; media?: DraftMedia[] }): Promise<void> {
	for (const { field, kind, sha256 } of variant.media ?? []) {
		if ((await hashAtMeta(api, variant.parameters[field] ?? '')) === sha256) continue;
		throw new CivicError(
			'template.changed',
			`The ${kind} in the header of template "${variant.template}" is not at Meta any more, or is not the one that was signed.`,
			'Nothing was sent. Upload the file again, make a new draft, and have it signed.',
		);
	}
}

async function hashAtMeta(api: CloudApi, id: string): Promise<string | undefined> {
	try {
		return (await api.mediaDetails(id)).sha256;
	} catch (reason) {
		if (isCivicError(reason) && reason.code === 'media.unknown') return undefined;
		throw reason;
	}
}
