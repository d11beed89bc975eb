import type { RequestView } from '../../approval/viewRequest';

/** What the page shows. */
export interface PageView extends RequestView {
	/** True while this person may stop a broadcast that is being sent. */
	mayStop?: boolean;
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
