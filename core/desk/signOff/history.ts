import { html } from 'hono/html';
import type { Markup } from '../page';
import type { PageView } from './pageView';
import { at, listed, words } from './words';

interface Step {
	/** ms */
	when: number;
	what: Markup | string;
}

const did: Record<PageView['decisions'][number]['decision'], string> = { approve: 'approved', reject: 'rejected', return: 'returned' };

/** Everybody who has touched the message, oldest first. */
export function history(view: PageView): Markup {
	return html`<h2 class="govuk-heading-m">What has happened</h2>
<dl class="govuk-summary-list">${steps(view).map(({ when, what }) => html`<div class="govuk-summary-list__row"><dt class="govuk-summary-list__key">${at(view, when)}</dt><dd class="govuk-summary-list__value">${what}</dd></div>`)}</dl>`;
}

function steps(view: PageView): Step[] {
	const { broadcast, contributors } = view;
	return [
		{ when: view.draftedAt, what: html`${words(view.requester)} drafted it${contributors.length === 0 ? '' : html`, with ${listed(contributors)}`}` },
		{ when: view.askedAt, what: html`Sign-off was asked of ${listed(view.asked)}` },
		...view.decisions.map(({ by, decision, at: when, reason }) => ({
			when: Date.parse(when),
			what: html`<span class="desk-said">${words(by)} ${did[decision]} it${reason === '' ? '' : html`: “${words(reason)}”`}</span>`,
		})),
		...(view.closed === null || view.closedAt === null ? [] : [{ when: view.closedAt, what: html`${view.closed.by === null ? '' : html`${words(view.closed.by)} withdrew the request. `}${words(view.closed.reason)}` }]),
		...(view.timeUp && view.closed === null ? [{ when: view.expiresAt, what: 'The time to decide ended' }] : []),
		...(broadcast === null ? [] : [{ when: broadcast.startedAt, what: 'Sending started' }]),
		...(broadcast === null || broadcast.finishedAt === null ? [] : [{ when: broadcast.finishedAt, what: 'Sending ended' }]),
	];
}
