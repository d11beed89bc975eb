import type { CommandContext } from '../store/command';
import type { Contributor } from './draftPeople';
import { loadDraft, type Draft } from './loadDraft';

/** No draft can go out for longer than this after it was made (see `sendWindow`), a day for what is put right at leisure included. */
const longestLifeMs = 15 * 24 * 3600_000;

/** Whoever drafts anew within a day of a draft that has run out is at the same matter; later it is another night's gritting. */
const sameMatterMs = 24 * 3600_000;

/** More versions than anybody makes by hand; a loop that drafts without end must not slow down sign-off. */
const mostVersions = 50;

/**
 * Drafts that this one is a later version of, newest first: the one it says it replaces, and those for the same purpose on
 * the same channel that ended without being sent. Whoever worked on them worked on this one.
 */
export async function earlierVersions(context: CommandContext, draft: Draft): Promise<Draft[]> {
	const found = new Map<string, Draft>();
	const queue: Draft[] = [draft];
	for (let next = queue.shift(); next !== undefined && found.size < mostVersions; next = queue.shift()) {
		for (const id of await versionsBefore(context, next)) {
			if (id === draft.id || found.has(id) || found.size >= mostVersions) continue;
			const earlier = await loadDraft(context, id);
			if (id !== next.content.replaces && !isSameMatter(earlier, next)) continue;
			found.set(id, earlier);
			queue.push(earlier);
		}
	}
	return [...found.values()].sort((one, other) => other.createdAt - one.createdAt);
}

function isSameMatter(earlier: Draft, later: Draft): boolean {
	return earlier.createdAt >= later.createdAt - sameMatterMs || Date.parse(earlier.content.notAfter) >= later.createdAt;
}

async function versionsBefore({ sql }: CommandContext, { id, channelId, content, purpose, createdAt }: Draft): Promise<string[]> {
	const replaced = content.replaces === undefined ? [] : [content.replaces];
	if (purpose === null) return replaced;
	const rows = await sql.all<{ id: string }>(
		`SELECT id FROM draft WHERE channel_id = ? AND purpose_lookup = ? AND id <> ? AND created_at BETWEEN ? AND ?
			AND NOT EXISTS (SELECT 1 FROM approval_grant WHERE approval_grant.draft_id = draft.id)
			ORDER BY created_at DESC LIMIT ?`,
		channelId,
		purpose,
		id,
		createdAt - longestLifeMs,
		createdAt,
		mostVersions,
	);
	return [...replaced, ...rows.map((row) => row.id)];
}

/** Everybody who asked for or worked on one of these drafts, once each. */
export function peopleBehind(drafts: readonly Draft[]): Contributor[] {
	const people = drafts.flatMap(({ requester, contributors }) => [requester, ...contributors]);
	const seen = new Set<string>();
	return people.filter(({ name, email, phone }) => {
		const key = JSON.stringify([name, email, phone]);
		if (seen.has(key)) return false;
		seen.add(key);
		return true;
	});
}
