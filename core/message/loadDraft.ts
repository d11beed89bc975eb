import { CivicError } from '../errors';
import { defineQuery, type CommandContext } from '../store/command';
import { typed } from '../whatsapp/redaction';
import { draftDigest, type DraftContent } from './draftContent';
import type { Contributor, Requester } from './draftPeople';
import { purposeLookup } from './purpose';
import type { DraftSummary } from './draftSummary';

/** A draft as stored, its digest recomputed and its seal checked. */
export interface Draft {
	id: string;
	channelId: string;
	digest: string;
	content: DraftContent;
	summary: DraftSummary;
	requester: Requester;
	contributors: Contributor[];
	/** ms */
	createdAt: number;
	/** Keyed hash of what it is for; null for drafts from before it was kept. */
	purpose: string | null;
}

/**
 * @throws CivicError draft.unknown; draft.changed when any stored part was edited by hand
 */
export async function loadDraft(context: CommandContext, id: string): Promise<Draft> {
	const row = await context.db.selectFrom('draft').selectAll().where('id', '=', id).executeTakeFirst();
	if (row === undefined) {
		throw new CivicError(
			'draft.unknown',
			`There is no draft ${id === '' ? 'without an id' : typed(id)}.`,
			"Connect the node that drafts, and give 'Draft ID' the id it put out.",
		);
	}
	context.keys.checkMac('draft', [row.id, row.channel_id, row.digest, row.created_at, row.summary], row.mac, 'draft');
	const content = JSON.parse(row.content) as DraftContent;
	if (draftDigest(content) !== row.digest) {
		throw new CivicError(
			'draft.changed',
			'The stored draft does not match the digest it was given when it was made.',
			'Somebody changed the database by hand. Make a new draft and have it signed; tell whoever looks after the installation.',
		);
	}
	const people = JSON.parse(context.keys.open(`draft/${id}/people`, row.people_sealed).toString('utf8')) as {
		requester: Requester;
		contributors: Contributor[];
	};
	if (row.purpose_lookup !== null && row.purpose_lookup !== purposeLookup(context, content)) {
		throw new CivicError(
			'store.tampered',
			'The stored draft is filed under another purpose than its own.',
			'Somebody changed the database by hand. Make a new draft and have it signed; tell whoever looks after the installation.',
		);
	}
	return {
		id: row.id,
		channelId: row.channel_id,
		digest: row.digest,
		content,
		summary: JSON.parse(row.summary) as DraftSummary,
		requester: people.requester,
		contributors: people.contributors,
		createdAt: row.created_at,
		purpose: row.purpose_lookup,
	};
}

/** The draft without the people behind it, for a node's output. */
export const readDraft = defineQuery('draft.read', async (context, input: { draftId: string }) => {
	const { id, channelId, digest, content, summary } = await loadDraft(context, input.draftId);
	return { id, channelId, digest, content, summary };
});
