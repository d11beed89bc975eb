import { html } from 'hono/html';
import type { Markup } from '../page';
import type { PageView } from './pageView';
import { progress, sendingWords } from './progress';
import { at, warningText, words } from './words';

export function headline(view: PageView): string {
	if (view.mayDecide) return 'Sign-off needed';
	if (view.timeUp) return 'Time is up';
	return {
		pending: 'Waiting for others',
		approved: 'Approved',
		rejected: 'Rejected',
		returned: 'Returned for change',
		withdrawn: 'Withdrawn',
		superseded: 'Replaced by a newer request',
		expired: 'Time is up',
	}[view.state];
}

/** What is asked of this person, or what has happened. */
export function status(view: PageView, live: boolean): Markup {
	return view.mayDecide ? question(view) : answer(view, live);
}

function question(view: PageView): Markup {
	return html`<h1 class="govuk-heading-l">${headline(view)}</h1>
<p class="govuk-body-l"><strong>${words(view.content.title)}</strong></p>
<p class="govuk-body">${words(view.content.service)} asks you, ${words(view.approver)}, to sign off this WhatsApp message. Decide by <strong>${at(view, view.expiresAt)}</strong>. If nobody decides, it is not sent.</p>`;
}

function answer(view: PageView, live: boolean): Markup {
	const what = html`<strong>${words(view.content.title)}</strong>`;
	const head =
		view.state === 'approved'
			? html`<div class="govuk-panel govuk-panel--confirmation"><h1 class="govuk-panel__title">${headline(view)}</h1><div class="govuk-panel__body">${what}</div></div>`
			: html`<h1 class="govuk-heading-l">${headline(view)}</h1><p class="govuk-body-l">${what}</p>`;
	const now = view.broadcast?.state === 'held' ? warningText(whatNow(view)) : html`<div class="govuk-inset-text">${whatNow(view)}</div>`;
	return html`${head}${now}${reason(view)}${progress(view, live)}`;
}

/** The words of whoever said no, where everybody looks first. */
function reason({ state, decisions }: PageView): Markup | '' {
	const refusal = decisions.find(({ decision }) => decision !== 'approve');
	if ((state !== 'rejected' && state !== 'returned') || refusal === undefined) return '';
	return html`<p class="govuk-body desk-said">${words(refusal.by)} ${state === 'rejected' ? 'rejected it' : 'asked for this change'}: “${words(refusal.reason)}”</p>`;
}

function whatNow(view: PageView): Markup | string {
	if (view.state === 'approved') return view.broadcast === null ? unsentWords(view) : sendingWords(view.broadcast);
	if (view.state === 'rejected') return 'The message was rejected. Nothing was sent.';
	if (view.state === 'returned') return 'The message was returned for a change. Nothing was sent. You are asked again when there is a new version.';
	if (view.closed !== null) return html`${view.closed.by === null ? '' : html`${words(view.closed.by)} withdrew the request. `}${words(view.closed.reason)} Nothing was sent on the strength of this request.`;
	if (view.timeUp) return 'Nobody decided in time. Nothing was sent.';
	return `${view.signatures} of ${view.signaturesNeeded} signatures are there. Nothing more is needed from you just now.`;
}

function unsentWords(view: PageView): string {
	if (view.window === 'ahead') return `The message is signed. It goes out from ${at(view, view.content.notBefore)} on.`;
	if (view.window === 'over') return 'The message was signed. It was not sent in its time, and will not be sent any more.';
	return 'The message is signed. Sending starts within moments.';
}
