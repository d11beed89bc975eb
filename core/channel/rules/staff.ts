import type { ChannelRules } from './rules';

export interface StaffMember {
	name: string;
	email: string;
	/** E.164. */
	phone: string;
}

/** Everybody whom the rules name as somebody to ask: approvers, their deputies, and those to whom they delegated. */
export function staffOf({ approvers, deputies, delegations }: Pick<ChannelRules, 'approvers' | 'deputies' | 'delegations'>): StaffMember[] {
	return [...approvers, ...deputies, ...delegations].map(({ name, email, phone }) => ({ name, email, phone }));
}
