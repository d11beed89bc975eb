import { createHash } from 'node:crypto';
import type { HashSource } from '../../../core/ledger/hashSource';
import { signingKey } from '../../../core/ledger/signingKey';
import { Frontier, type StoredNode } from '../../../core/ledger/tree';
import type { Random } from '../../../core/world';

export const hex = (text: string): Buffer => Buffer.from(text, 'hex');

/** The bytes 00 01 … 1f. */
export const countingBytes = Buffer.from(Array.from({ length: 32 }, (_, i) => i));

/** The key all vectors were made with. */
export const origin = 'audit.example/n8n/test';
export const signer = signingKey(origin, countingBytes);
export const vkey = 'audit.example/n8n/test+ffec325b+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4';
export const strangerSigner = signingKey(origin, Buffer.alloc(32, 0xff));

/** The test tree of Certificate Transparency: eight leaves, their hashes, and the root at each size. */
export const ctLeaves = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map(hex);

export const ctLeafHashes = [
	'6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
	'96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
	'0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7',
	'07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7',
	'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
	'4271a26be0d8a84f0bd54c8c302e7cb3a3b5d1fa6780a40bcce2873477dab658',
	'b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f',
	'46f6ffadd3d06a09ff3c5860d2755c8b9819db7df44251788c7d8e3180de8eb1',
];

/** Index is the size. */
export const ctRoots = [
	'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
	'6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
	'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
	'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
	'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
	'4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
	'76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
	'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
	'5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

const H = (...parts: (Buffer | number[])[]): Buffer => createHash('sha256').update(Buffer.concat(parts.map((part) => Buffer.from(part)))).digest();

/** RFC 6962 section 2.1 word for word, over leaf hashes: slow, recursive, sharing nothing with the code under test. */
export const naive = {
	split(n: number): number {
		let k = 1;
		while (k * 2 < n) k *= 2;
		return k;
	},
	root(leaves: Buffer[]): Buffer {
		if (leaves.length === 0) return H();
		if (leaves.length === 1) return leaves[0] as Buffer;
		const k = naive.split(leaves.length);
		return H([1], naive.root(leaves.slice(0, k)), naive.root(leaves.slice(k)));
	},
	path(m: number, leaves: Buffer[]): Buffer[] {
		if (leaves.length === 1) return [];
		const k = naive.split(leaves.length);
		return m < k
			? [...naive.path(m, leaves.slice(0, k)), naive.root(leaves.slice(k))]
			: [...naive.path(m - k, leaves.slice(k)), naive.root(leaves.slice(0, k))];
	},
	consistency(m: number, leaves: Buffer[], known = true): Buffer[] {
		if (m === 0) return [];
		if (m === leaves.length) return known ? [] : [naive.root(leaves)];
		const k = naive.split(leaves.length);
		return m <= k
			? [...naive.consistency(m, leaves.slice(0, k), known), naive.root(leaves.slice(k))]
			: [...naive.consistency(m - k, leaves.slice(k), false), naive.root(leaves.slice(0, k))];
	},
	/** On which side each hash of an inclusion proof lies. */
	pathShape(m: number, n: number): string {
		if (n === 1) return '';
		const k = naive.split(n);
		return m < k ? `${naive.pathShape(m, k)}R` : `${naive.pathShape(m - k, n - k)}L`;
	},
	/** The same for a consistency proof, with where it starts. */
	consistencyShape(m: number, n: number, known = true): string {
		if (m === n) return known ? '=' : '+';
		const k = naive.split(n);
		return m <= k ? `${naive.consistencyShape(m, k, known)}R` : `${naive.consistencyShape(m - k, n - k, false)}L`;
	},
};

/** Distinct leaf hashes. */
export function someLeafHashes(count: number): Buffer[] {
	return Array.from({ length: count }, (_, i) => H([0], Buffer.from(`entry ${i}`)));
}

/** Keeps leaf hashes and nodes as a store would, and notes which reads were made. */
export class MemoryHashes implements HashSource {
	readonly reads: string[] = [];
	readonly frontier = Frontier.empty();
	readonly stored = new Map<string, Buffer>();

	constructor(readonly leaves: Buffer[]) {
		for (const leaf of leaves) for (const node of this.frontier.append(leaf)) this.#store(node);
	}

	leafHashes(from: number, to: number): Buffer[] {
		this.reads.push(`0:${from}-${to}`);
		return this.leaves.slice(from, to);
	}

	/** Answers later, as PostgreSQL would; `leafHashes` at once, as SQLite. */
	async nodes(level: number, from: number, to: number): Promise<Buffer[]> {
		this.reads.push(`${level}:${from}-${to}`);
		const found: Buffer[] = [];
		for (let n = from; n < to; n++) {
			const node = this.stored.get(`${level}/${n}`);
			if (node) found.push(node);
		}
		return found;
	}

	#store({ level, n, hash }: StoredNode): void {
		this.stored.set(`${level}/${n}`, hash);
	}
}

/** Randomness that is the same in every run: SHA-256 of a counter. */
export function seededRandom(seed = 'seed'): Random {
	let counter = 0;
	const bytes = (size: number): Buffer => {
		const blocks: Buffer[] = [];
		for (let have = 0; have < size; have += 32) blocks.push(H(Buffer.from(`${seed}/${counter++}`)));
		return Buffer.concat(blocks).subarray(0, size);
	};
	return { bytes, uuid: () => bytes(16).toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') };
}

export function flipBit(bytes: Buffer, bit: number): Buffer {
	const flipped = Buffer.from(bytes);
	flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
	return flipped;
}
