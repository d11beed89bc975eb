import type { KnownPerson } from '../channel/samePerson';
import type { CommandContext } from '../store/command';
import type { RequestState } from '../store/schema';
import type { ApprovalRequest } from './request';
import { signableDraft } from './signableDraft';
import { signableRuleChange } from './signableRuleChange';

/** What a request is about, as far as a decision on it has to know. */
export interface Signable {
	/** Of what is stored now. */
	digest: string;
	/** Who may not sign it, under any name. */
	involved: KnownPerson[];
	/** The number that the approver ticks to have understood. */
	toUnderstand: number;
	/** Whether it can be sent back to be changed. */
	mayReturn: boolean;
	words: { tick: string; whyReject: [message: string, hint: string] };
	/** @throws CivicError when it cannot be signed any more, because something else changed */
	requireInForce(): Promise<void>;
	/** What the decision brings about, in the same transaction. */
	settled(state: Exclude<RequestState, 'pending'>): Promise<void>;
}

/** @throws CivicError draft.*, store.tampered */
export function loadSignable(context: CommandContext, request: ApprovalRequest): Promise<Signable> {
	const { subject } = request;
	return subject.kind === 'draft' ? signableDraft(context, request, subject.draftId) : signableRuleChange(context, request, subject.changeId);
}
