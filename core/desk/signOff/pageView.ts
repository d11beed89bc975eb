import type { RequestView } from '../../approval/viewRequest';
import type { DraftContent } from '../../message/draftContent';
import type { DraftSummary } from '../../message/draftSummary';

/** A version of a message that somebody sent back, and what they asked for. */
export interface ReturnedVersion {
	by: string;
	/** ISO 8601. */
	at: string;
	/** What to change, in their words. */
	change: string;
	content: DraftContent;
	summary: DraftSummary;
}

/** One group of approvers whose turn comes after the one before. */
export interface Stage {
	name: string;
	state: 'done' | 'now' | 'later';
	signatures: number;
	signaturesNeeded: number;
}

/** What the page shows. The parts that may be missing are shown where the request has them. */
export interface PageView extends RequestView {
	/** True while this person may send the message back for a change. */
	mayReturn?: boolean;
	/** True while this person may stop a broadcast that is being sent. */
	mayStop?: boolean;
	/** The version before this one, when it came back. */
	returned?: ReturnedVersion | null;
	/** Where there is more than one. */
	stages?: Stage[];
}

/** What was wrong with the decision just sent. */
export interface Refusal {
	/** HTTP status of the answer. */
	status: number;
	message: string;
	hint: string;
	/** The field to mend, where it is one. */
	field?: FieldId;
	/** What the person had written, to go on from. */
	typed?: Partial<Record<'reason' | 'change', string>>;
}

export type FieldId = 'understood' | 'reason' | 'change';
