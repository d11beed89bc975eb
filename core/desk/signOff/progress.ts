import { html } from 'hono/html';
import type { Markup } from '../page';
import { stopForm } from './decisionForms';
import type { PageView } from './pageView';
import { number, words } from './words';

export const refreshSeconds = 5;

/** Whether what the page shows is still going to change by itself. */
export function isUnderWay(view: PageView): boolean {
	const { broadcast } = view;
	if (broadcast === null) return view.state === 'approved' && view.window === 'open';
	const settling = broadcast.totals.delivered + broadcast.totals.failed < broadcast.totals.accepted;
	return broadcast.state === 'sending' || (broadcast.state === 'finished' && settling);
}

/** How far sending is, and the links that keep this page up to date. */
export function progress(view: PageView, live: boolean): Markup | '' {
	return html`${view.broadcast === null ? '' : bar(view.broadcast)}${isUnderWay(view) ? newer(live) : ''}${stopForm(view)}${view.broadcast === null ? '' : figures(view.broadcast)}`;
}

export function sendingWords(broadcast: NonNullable<PageView['broadcast']>): Markup | string {
	if (broadcast.state === 'held') return html`Sending is on hold. ${words(broadcast.heldReason ?? '')}`;
	return broadcast.state === 'finished' ? 'The message was sent.' : 'The message is being sent now.';
}

/** Nothing moves unless the person asks for it: see `PageOptions.refreshSeconds`. */
function newer(live: boolean): Markup {
	return live
		? html`<p class="govuk-body">This page loads itself again every ${refreshSeconds} seconds. <a class="govuk-link" href="?">Stop that</a></p>`
		: html`<p class="govuk-body"><a class="govuk-link" href="?live=on">Follow this live</a> (the page then loads itself again every ${refreshSeconds} seconds)</p>`;
}

function bar({ totals: { recipients, pending } }: NonNullable<PageView['broadcast']>): Markup {
	const done = recipients - pending;
	return html`<h2 class="govuk-heading-m">How far it is</h2>
<p class="govuk-body"><label for="progress">${number(done)} of ${number(recipients)} people</label><progress class="desk-progress" id="progress" max="${recipients}" value="${done}">${done} of ${recipients}</progress></p>`;
}

function figures({ totals }: NonNullable<PageView['broadcast']>): Markup {
	const { accepted, delivered, read, failed, notSent, uncertain } = totals;
	const rows: Array<[string, number]> = [
		['Accepted by WhatsApp', accepted],
		['Delivered', delivered],
		['Read', read],
		['Failed after acceptance', failed],
		['Not sent', notSent],
		['Uncertain', uncertain],
	];
	return html`<table class="govuk-table"><caption class="govuk-visually-hidden">Messages by what became of them</caption><tbody class="govuk-table__body">${rows.map(([name, count]) => html`<tr class="govuk-table__row"><th scope="row" class="govuk-table__header">${name}</th><td class="govuk-table__cell govuk-table__cell--numeric">${number(count)}</td></tr>`)}</tbody></table>`;
}
