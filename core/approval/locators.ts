import { CivicError } from '../errors';
import type { RequestedSignOff } from './requestSignOff';

/** What another flow is given to tell one approver. It is seen by whoever reads executions, so nothing in it can decide. */
export interface LocatorItem {
	name: string;
	email: string;
	/** Opens the page. A decision needs a code as well, which we send to the approver's own phone. */
	link: string;
	title: string;
	service: string;
	people: number;
	/** `Tue 24 Nov, 17:30`, in the zone of the channel. */
	deadline: string;
}

/**
 * One item an approver; no phone numbers.
 * @throws CivicError approval.link for links that decide alone: those never pass through other hands
 */
export function locatorItems({ links, linkKind, pageAddress, draft, expiresAt }: RequestedSignOff, zone: string): LocatorItem[] {
	if (linkKind !== 'locator') throw new CivicError('approval.link', 'Links that decide alone are not given to a flow.', 'Nothing was sent. Run the gate again.');
	const deadline = new Intl.DateTimeFormat('en-GB', { timeZone: zone, weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }).format(new Date(expiresAt));
	const { title, service, people } = draft;
	return links.map(({ token, approver: { name, email } }) => ({ name, email, link: `${pageAddress}${token}`, title, service, people, deadline }));
}
