import { createHash } from 'node:crypto';
import { canonicalJson } from '../ledger/canonicalJson';
import type { ChannelMode } from '../store/schema';
import type { TemplateContent } from '../whatsapp/templateContent';
import type { DraftMedia } from './draftMedia';
import type { RequesterSource } from './draftPeople';

/** One language of a draft: the template as it was at Meta when the draft was made, and what fills it. */
export interface DraftVariant {
	/** Language of the words themselves. */
	contentLanguage: string;
	template: string;
	/** Meta's language code: `en_GB`. */
	templateLanguage: string;
	/** The template's own content as fetched; a change at Meta changes it. */
	templateContent: TemplateContent;
	parameters: Record<string, string>;
	/** Files by their content. Left out where there are none, so that drafts of words keep their digests. */
	media?: DraftMedia[];
}

/** A feed's word that led to the draft. */
export interface FeedEntry {
	source: string;
	/** The publisher's id or key of the entry. */
	id: string;
	/** The publisher's time, ISO 8601. */
	time: string;
	/** SHA-256 of the entry as read, hex. */
	hash: string;
}

/** Everything a signature stands for. Nothing outside it decides what residents get. */
export interface DraftContent {
	v: 1;
	channel: string;
	mode: ChannelMode;
	service: string;
	title: string;
	category: string;
	variants: DraftVariant[];
	audience: {
		/** Codes. `areas: null` means everywhere. */
		query: { topic: string; areas: string[] | null };
		/** People in the snapshot. It may only shrink between sign-off and send. */
		count: number;
		/** SHA-256 over the sorted ids of the people in it, hex. */
		root: string;
	};
	/** ISO 8601, UTC. */
	notBefore: string;
	notAfter: string;
	/** What the draft is for, in its author's words, so that a newer version is known as one. Left out where it was not said. */
	purpose?: string;
	/** How it is known who asked; the person stands beside the content, not in it. Left out where it was not recorded. */
	requesterSource?: RequesterSource;
	/** Id of the draft that this one replaces. Left out where there is none. */
	replaces?: string;
	correction: null;
	feed: FeedEntry | null;
}

/** The digest that is signed: SHA-256 over canonical JSON (RFC 8785), hex. */
export function draftDigest(content: DraftContent): string {
	return createHash('sha256').update(canonicalJson(content), 'utf8').digest('hex');
}
