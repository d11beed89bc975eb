import { bareMimeType } from './mediaFile';
import { type Problem, problem } from './problem';

const part = { field: 'media', name: 'The file' };

/** How files of a type begin. Office formats of both ages are left out: they begin as archives of any kind do. */
const beginnings: Readonly<Record<string, ReadonlyArray<(bytes: Buffer) => boolean>>> = {
	'image/jpeg': [(bytes) => startsWith(bytes, 'ffd8ff')],
	'image/png': [(bytes) => startsWith(bytes, '89504e470d0a1a0a')],
	'image/webp': [(bytes) => bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP'],
	'application/pdf': [(bytes) => bytes.toString('latin1', 0, 1024).includes('%PDF-')],
	'audio/ogg': [(bytes) => bytes.toString('latin1', 0, 4) === 'OggS'],
	'audio/amr': [(bytes) => bytes.toString('latin1', 0, 5) === '#!AMR'],
	'video/mp4': [isMpeg4],
	'video/3gpp': [isMpeg4],
	'audio/mp4': [isMpeg4],
};

function startsWith(bytes: Buffer, hex: string): boolean {
	return bytes.subarray(0, hex.length / 2).toString('hex') === hex;
}

function isMpeg4(bytes: Buffer): boolean {
	return bytes.toString('latin1', 4, 8) === 'ftyp';
}

/**
 * What Meta would find in the bytes of a file that its type and size do not show (Meta: "Media", supported media types):
 * another format than its type says, a picture with a palette or 16 bits a colour, a still sticker that is too large.
 */
export function checkMediaBytes(mimeType: string, bytes: Buffer, stillStickerBytes: number): Problem[] {
	const bare = bareMimeType(mimeType);
	const known = beginnings[bare];
	if (known !== undefined && !known.some((begins) => begins(bytes))) return [problem(part, `is not of the type ${bare}, which it is said to be`)];
	if (bare === 'image/png' && !isPlainPng(bytes)) return [problem(part, 'is a PNG picture of another kind than 8 bits a colour, RGB or RGBA; save it as such, or as JPEG')];
	if (bare === 'image/webp' && !isAnimated(bytes) && bytes.length > stillStickerBytes) {
		return [problem(part, `has ${bytes.length} bytes; a sticker that does not move takes at most ${stillStickerBytes} (${stillStickerBytes / 1024} KB)`)];
	}
	return [];
}

/** Depth and colour type stand in the first chunk (PNG, section 11.2.1): 2 is RGB, 6 is RGBA. */
function isPlainPng(bytes: Buffer): boolean {
	return bytes.length > 25 && bytes[24] === 8 && (bytes[25] === 2 || bytes[25] === 6);
}

/** The extended header says so with its second bit (WebP container specification). */
function isAnimated(bytes: Buffer): boolean {
	return bytes.length > 20 && bytes.toString('latin1', 12, 16) === 'VP8X' && ((bytes[20] ?? 0) & 2) !== 0;
}
