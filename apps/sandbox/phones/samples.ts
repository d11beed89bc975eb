import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SentMedia } from '../residents/act';
import { ResidentRefusal } from '../residents/residentRefusal';
import type { SandboxInside } from '../sandbox';

const samples = {
	picture: { kind: 'image', file: 'pothole.jpg', mime: 'image/jpeg' },
	voice: { kind: 'audio', file: 'voice.ogg', mime: 'audio/ogg; codecs=opus', voice: true },
	document: { kind: 'document', file: 'letter.pdf', mime: 'application/pdf', filename: 'letter.pdf' },
} as const;

/** Something that a resident sends, as a new medium of the sandbox's: the council can download it for seven days. @throws ResidentRefusal when there is no room */
export function takeSample(name: keyof typeof samples, { media, account }: SandboxInside): SentMedia {
	if (media.full) throw new ResidentRefusal('This sandbox keeps no more media. Reset it to go on.');
	const { file, ...sample } = samples[name];
	const stored = media.add({ numberId: account.firstNumber.id, mime: sample.mime, ...('filename' in sample && { filename: sample.filename }), from: 'resident' }, readFileSync(join(__dirname, 'samples', file)));
	return { ...sample, id: stored.id, sha256: Buffer.from(stored.sha256, 'hex').toString('base64') };
}
