import type { CreatedDraft } from '../../core/message/createDraft';
import type { BroadcastWish } from '../../core/message/draftBroadcast';
import type { Council } from './council';
import { askFor, decideOn, draftGritting, linksOn } from './steps';

/** A draft that was asked for and signed on the approver's phone. */
export async function signedDraft(council: Council, changes: Partial<BroadcastWish> = {}): Promise<CreatedDraft> {
	const draft = await draftGritting(council, changes);
	await sign(council, draft.id);
	return draft;
}

export async function sign(council: Council, draftId: string): Promise<string> {
	await askFor(council, draftId);
	const link = linksOn(council, '+447700900901').at(-1) ?? '';
	const answer = await decideOn(link, 'approve');
	if (answer.status !== 303) throw new Error(`the signature was answered ${answer.status}: ${await answer.text()}`);
	return link;
}
