import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { createReadStream, createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { SeededRandom } from '../../seededRandom';

/** A medium that the API holds: its bytes are in a file. */
export interface StoredMedia {
	/** Digits. */
	readonly id: string;
	/** The business number it belongs to; no other may send it. */
	readonly numberId: string;
	/** As the upload gave it. */
	readonly mime: string;
	readonly filename?: string;
	/** Bytes. */
	readonly size: number;
	/** Lower-case hex. */
	readonly sha256: string;
	/** Whether it is a WebP that moves. */
	readonly animated: boolean;
	/** Milliseconds of the sandbox's time after which the id is gone. */
	readonly until: number;
}

export interface IncomingMedia {
	readonly numberId: string;
	readonly mime: string;
	readonly filename?: string;
	/** From the business (30 days) or from a resident (7 days). */
	readonly from: 'business' | 'resident';
}

const day = 24 * 60 * 60 * 1000;
/** How long ids live (Meta, "Media"). */
const lives = { business: 30 * day, resident: 7 * day } as const;
/** How long an address of the bytes is good for (Meta, "Media"). */
const addressMs = 5 * 60 * 1000;
/** What all media together may take on this computer's disk. */
const mostBytesOnDisk = 2 * 1024 ** 3;

/** Media that were uploaded, or that residents sent, in a folder of the sandbox's own that goes with it. */
export class MediaStore {
	private readonly byId = new Map<string, StoredMedia>();
	/** Of the seed, so that the same requests get the same addresses. */
	private readonly key: Buffer;
	private folder: string | undefined;
	private nth = 0;
	private bytes = 0;

	/**
	 * @param now milliseconds of the sandbox's time, which only ever go on
	 * @param mostBytes of all media together
	 */
	constructor(
		private readonly random: SeededRandom,
		private readonly now: () => number,
		private readonly mostBytes: number = mostBytesOnDisk,
	) {
		this.key = createHash('sha256').update(`media addresses ${random.seed}`).digest();
	}

	/** The medium, unless it is gone or belongs to another number. */
	find(id: string, numberId?: string): StoredMedia | undefined {
		const media = this.byId.get(id);
		if (!media || (numberId !== undefined && media.numberId !== numberId)) return undefined;
		if (this.now() <= media.until) return media;
		this.delete(id);
		return undefined;
	}

	/** Whether there is no room for another medium. What has expired makes room first. */
	get full(): boolean {
		if (this.bytes >= this.mostBytes) this.deleteExpired();
		return this.bytes >= this.mostBytes;
	}

	/** Begins to take a medium whose bytes come piece by piece. */
	open(incoming: IncomingMedia): MediaWriter {
		return new MediaWriter(this.pathOf(this.newId()), (path, written) => this.keep(path, incoming, written));
	}

	/** Takes a medium at once. */
	add(incoming: IncomingMedia, bytes: Buffer): StoredMedia {
		const path = this.pathOf(this.newId());
		writeFileSync(path, bytes);
		return this.keep(path, incoming, { size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'), head: bytes.subarray(0, headLength) });
	}

	/** @returns whether it was there */
	delete(id: string): boolean {
		const media = this.byId.get(id);
		if (!media) return false;
		this.byId.delete(id);
		this.bytes -= media.size;
		rmSync(this.pathOf(id), { force: true });
		return true;
	}

	read(id: string): Readable {
		return createReadStream(this.pathOf(id));
	}

	/** The query of an address at which the bytes can be fetched for five minutes. */
	addressQuery(id: string): string {
		const until = Math.floor((this.now() + addressMs) / 1000);
		return `mid=${id}&ext=${until}&hash=${this.sign(id, until)}`;
	}

	/** The medium that an address names, unless the address is no longer good or never was. */
	atAddress(query: URLSearchParams): StoredMedia | undefined {
		const [id, until, hash] = [query.get('mid') ?? '', Number(query.get('ext')), Buffer.from(query.get('hash') ?? '')];
		const right = Buffer.from(this.sign(id, until));
		if (hash.length !== right.length || !timingSafeEqual(hash, right) || this.now() > until * 1000) return undefined;
		return this.find(id);
	}

	clear(): void {
		for (const id of [...this.byId.keys()]) this.delete(id);
	}

	stop(): void {
		this.byId.clear();
		this.bytes = 0;
		if (this.folder !== undefined) rmSync(this.folder, { recursive: true, force: true });
		this.folder = undefined;
	}

	private deleteExpired(): void {
		const now = this.now();
		for (const { id, until } of [...this.byId.values()]) if (now > until) this.delete(id);
	}

	private sign(id: string, until: number): string {
		return createHmac('sha256', this.key).update(`${id}|${until}`).digest('base64url');
	}

	private keep(path: string, { numberId, mime, filename, from }: IncomingMedia, { size, sha256, head }: Written): StoredMedia {
		const id = path.slice(path.length - idLength);
		const media: StoredMedia = { id, numberId, mime, ...(filename !== undefined && { filename }), size, sha256, animated: isAnimated(head), until: this.now() + lives[from] };
		this.byId.set(id, media);
		this.bytes += size;
		return media;
	}

	private newId(): string {
		const nth = this.nth++;
		return `1${String(this.random.integer('media', 'id', nth)).padStart(10, '0')}${String(nth % 100_000).padStart(5, '0')}`;
	}

	private pathOf(id: string): string {
		this.folder ??= mkdtempSync(join(tmpdir(), 'whatsapp-sandbox-'));
		return join(this.folder, id);
	}
}

const idLength = 16;
const headLength = 32;

interface Written {
	readonly size: number;
	readonly sha256: string;
	/** The first bytes. */
	readonly head: Buffer;
}

/** Writes one medium to its file; nothing is kept unless it is finished. */
export class MediaWriter {
	size = 0;
	private readonly file;
	private readonly hash = createHash('sha256');
	private head: Buffer = Buffer.alloc(0);

	constructor(
		private readonly path: string,
		private readonly keep: (path: string, written: Written) => StoredMedia,
	) {
		this.file = createWriteStream(path);
		// What goes wrong on the way is heard at the end.
		this.file.on('error', () => undefined);
	}

	/** Resolves once more can be taken. */
	async write(bytes: Buffer): Promise<void> {
		if (this.head.length < headLength) this.head = Buffer.concat([this.head, bytes.subarray(0, headLength - this.head.length)]);
		this.size += bytes.length;
		this.hash.update(bytes);
		if (!this.file.errored && !this.file.write(bytes)) await this.roomAgain();
	}

	/** Resolves when the file takes more, or will never. */
	private roomAgain(): Promise<void> {
		return new Promise((resolve) => {
			const goOn = (): void => {
				this.file.off('drain', goOn).off('error', goOn).off('close', goOn);
				resolve();
			};
			this.file.on('drain', goOn).on('error', goOn).on('close', goOn);
		});
	}

	async finish(): Promise<StoredMedia> {
		this.file.end();
		await finished(this.file);
		return this.keep(this.path, { size: this.size, sha256: this.hash.digest('hex'), head: this.head });
	}

	async discard(): Promise<void> {
		this.file.destroy();
		await rm(this.path, { force: true });
	}
}

/** The animation flag of an extended WebP (RFC 9649, section 2.7.1). */
function isAnimated(head: Buffer): boolean {
	return head.length > 20 && head.toString('latin1', 8, 16) === 'WEBPVP8X' && ((head[20] ?? 0) & 0b10) !== 0;
}
