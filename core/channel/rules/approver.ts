import { z } from 'zod';
import { day, email, personName, text } from './values';

const person = {
	/** As it stands in the ledger beside the decision. */
	name: personName,
	email,
	/** E.164 with its plus. */
	phone: text(),
};

export const approver = z
	.object({
		...person,
		/** What stages ask for: `director`. */
		role: z.string().trim().max(60, 'is longer than 60 characters').default(''),
		/** Signatures of one group count once. */
		group: z.string().trim().max(60, 'is longer than 60 characters').default(''),
	})
	.strict();

/** Signs in place of an approver, and counts as that approver. */
const standIn = {
	...person,
	/** E-mail address of the approver. */
	standsFor: email,
};

/** Asked when the approver has let time pass. */
export const deputy = z.object(standIn).strict();

/** Asked instead of the approver from the first day to the last, both included, in the channel's zone. */
export const delegation = z.object({ ...standIn, from: day, until: day }).strict();

export type Approver = z.infer<typeof approver>;
export type Deputy = z.infer<typeof deputy>;
export type Delegation = z.infer<typeof delegation>;

export function spellApprover({ name, email: address, phone, role, group }: Approver): unknown {
	return { name, email: address, phone, ...(role === '' ? {} : { role }), ...(group === '' ? {} : { group }) };
}
