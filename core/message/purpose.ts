import { canonicalJson } from '../ledger/canonicalJson';
import type { CommandContext } from '../store/command';
import type { DraftContent } from './draftContent';

/**
 * What a draft is for, so that a newer version is known as one: what its author called it, or else service, title and
 * audience together. A keyed hash.
 */
export function purposeLookup({ keys }: CommandContext, content: DraftContent): string {
	const { purpose, service, title, audience } = content;
	const spelled = purpose === undefined ? canonicalJson({ service, title: plain(title), audience: audience.query }) : canonicalJson({ service, purpose: plain(purpose) });
	return keys.lookup('purpose', spelled);
}

function plain(words: string): string {
	return words.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim();
}
