import { html } from 'hono/html';
import type { RequestView } from '../approval/viewRequest';
import type { FeedEntry } from '../message/draftContent';
import { sourceInWords } from '../message/draftPeople';
import type { CostEstimate } from '../message/priceTable';
import type { DeskResponse } from './deskResponse';
import { pageResponse, type Markup } from './page';

const refreshWhileSendingSeconds = 5;

/**
 * The page behind an approver's link: the exact message, who gets it, and two buttons; afterwards what happened.
 * @param refusal what was wrong with the decision just sent, shown on top
 */
export async function signOffPage(view: RequestView, refusal?: { status: number; message: string; hint: string }): Promise<DeskResponse> {
	const sending = view.broadcast === null ? view.state === 'approved' && view.window === 'open' : view.broadcast.state === 'sending' || settling(view);
	const title = `${headline(view)} – ${view.content.title.replace(directionMarks, '')}`;
	return pageResponse(
		refusal?.status ?? 200,
		title,
		html`${refusal === undefined ? '' : refused(refusal)} ${status(view)} ${message(view)} ${facts(view)} ${areas(view)} ${decisions(view)} ${view.mayDecide ? forms(view) : ''} ${fingerprint(view)}`,
		sending ? refreshWhileSendingSeconds : undefined,
	);
}

/** They could turn around what stands beside them; a title has no element that would hold them in. */
const directionMarks = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

/** Words that somebody else wrote: escaped, and isolated so that their writing direction ends with them. */
function words(text: string): Markup {
	return html`<bdi>${text}</bdi>`;
}

function headline(view: RequestView): string {
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

function refused({ message, hint }: { message: string; hint: string }): Markup {
	return html`<div class="panel bad" role="alert"><h2>${message}</h2><p>${hint}</p></div>`;
}

function status(view: RequestView): Markup {
	if (view.mayDecide) {
		return html`<h1>${headline(view)}</h1>
<p class="big">${words(view.content.title)}</p>
<p>${words(view.content.service)} asks you, ${words(view.approver)}, to sign off this WhatsApp message. Decide by ${at(view, view.expiresAt)}. If nobody decides, it is not sent.</p>`;
	}
	const look = view.state === 'approved' ? 'good' : view.state === 'pending' && !view.timeUp ? '' : 'bad';
	return html`<div class="panel ${look}"><h1>${headline(view)}</h1><p class="big">${words(view.content.title)}</p><p>${whatNow(view)}</p>${progress(view)}</div>`;
}

function whatNow(view: RequestView): string {
	if (view.state === 'approved') return view.broadcast === null ? unsentWords(view) : sendingWords(view.broadcast);
	if (view.state === 'rejected') return 'The message was rejected. Nothing was sent.';
	if (view.state === 'returned') return 'The message was returned for change. Nothing was sent; a new version will be sent to you.';
	if (view.closed !== null) return `${view.closed.by === null ? '' : `${view.closed.by} withdrew the request. `}${view.closed.reason} Nothing was sent.`;
	if (view.timeUp) return 'Nobody decided in time, or the request was replaced by a newer one. Nothing was sent on the strength of this request.';
	return `Your decision is recorded. ${view.decisions.length} of ${view.signaturesNeeded} signatures are there.`;
}

function unsentWords(view: RequestView): string {
	if (view.window === 'ahead') return `The message is signed. It goes out from ${at(view, view.content.notBefore)} on.`;
	if (view.window === 'over') return 'The message was signed. It was not sent in its time, and will not be sent any more.';
	return 'The message is signed. Sending starts within moments.';
}

function sendingWords(broadcast: NonNullable<RequestView['broadcast']>): string {
	if (broadcast.state === 'held') return `Sending is on hold. ${broadcast.heldReason ?? ''}`;
	return broadcast.state === 'finished' ? 'The message was sent.' : 'The message is being sent now.';
}

function settling({ broadcast }: RequestView): boolean {
	return broadcast !== null && broadcast.totals.delivered + broadcast.totals.failed < broadcast.totals.accepted;
}

function progress({ broadcast }: RequestView): Markup | '' {
	if (broadcast === null) return '';
	const { recipients, pending, accepted, delivered, read, failed, notSent, uncertain } = broadcast.totals;
	const done = recipients - pending;
	const rows: Array<[string, number]> = [
		['Accepted by WhatsApp', accepted],
		['Delivered', delivered],
		['Read', read],
		['Failed after acceptance', failed],
		['Not sent', notSent],
		['Uncertain', uncertain],
	];
	return html`<p><label for="progress">${done} of ${recipients} people</label><progress id="progress" max="${recipients}" value="${done}">${done} of ${recipients}</progress></p>
<table><tbody>${rows.map(([name, count]) => html`<tr><th scope="row">${name}</th><td class="number">${count}</td></tr>`)}</tbody></table>`;
}

function message({ summary, content }: RequestView): Markup {
	const { header, body, footer, buttons } = summary.message;
	return html`<h2>What residents will read</h2>
<div class="bubble" lang="${content.variants[0]?.contentLanguage ?? 'en'}">
${header === null ? '' : html`<p class="head">${words(header)}</p>`}
<p class="text">${words(body)}</p>
${footer === null ? '' : html`<p class="foot">${words(footer)}</p>`}
${buttons.length === 0 ? '' : html`<ul aria-label="Buttons">${buttons.map(({ text, url, phone }) => html`<li>${words(text)}${leadsTo(url ?? phone)}</li>`)}</ul>`}
</div>`;
}

/** Where a tap leads: an address, or a number that is dialled. */
function leadsTo(place: string | undefined): Markup | '' {
	return place === undefined ? '' : html` <span class="soft">${words(place)}</span>`;
}

function facts(view: RequestView): Markup {
	const { content, summary } = view;
	const { leftOut } = summary.audience;
	const rows: Array<[string, Markup | string]> = [
		['Who', html`${words(summary.audience.description)}: <strong>${people(content.audience.count)}</strong>`],
		['Left out', `${leftOut.optedOut} opted out, ${leftOut.unreachable} unreachable${leftOut.capped === undefined ? '' : `, ${leftOut.capped} had enough messages this week`}`],
		['When', `From ${at(view, content.notBefore)} to ${at(view, content.notAfter)} at the latest`],
		['Cost', summary.cost === null ? 'Not known for this category' : costWords(summary.cost)],
		['Asked by', html`${words(view.requester)}, for ${words(content.service)}${sourceInWords(view.requesterSource)}`],
		['Worked on by', view.contributors.length === 0 ? 'Nobody else' : html`${view.contributors.map((name, i) => html`${i === 0 ? '' : ', '}${words(name)}`)}`],
		['Channel', html`${words(view.channel.name)}${content.mode === 'training' ? ' (training: reaches approvers only)' : ''}`],
		...(content.feed === null ? [] : [ledToBy(content.feed)]),
	];
	return html`<h2>Who, when, why</h2>
<dl>${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
${summary.warnings.map((warning) => html`<p class="warn">${words(warning)}</p>`)}`;
}

function costWords({ amount, currency, asOf, leavesOut = [] }: CostEstimate): string {
	const money = new Intl.NumberFormat('en-GB', { style: 'currency', currency }).format(amount);
	return `About ${money} if all are delivered (Meta's prices of ${asOf}${leavesOut.length === 0 ? '' : `; without ${leavesOut.join(', ')}`})`;
}

function ledToBy({ source, id, time }: FeedEntry): [string, Markup] {
	return ['Led to by', html`${words(source)}, ${words(id)}, ${words(time)}`];
}

function areas({ summary }: RequestView): Markup | '' {
	if (summary.audience.byArea.length === 0) return '';
	return html`<h2>By area</h2><table><thead><tr><th scope="col">Area</th><th scope="col" class="number">People</th></tr></thead>
<tbody>${summary.audience.byArea.map(({ name, count }) => html`<tr><td>${words(name)}</td><td class="number">${count}</td></tr>`)}</tbody></table>`;
}

function decisions(view: RequestView): Markup | '' {
	if (view.decisions.length === 0) return '';
	return html`<h2>Decisions so far</h2><dl>${view.decisions.map(
		({ by, decision, at: when, reason }) =>
			html`<div><dt>${words(by)}</dt><dd>${{ approve: 'Approved', reject: 'Rejected', return: 'Returned for change' }[decision]} ${at(view, when)}${reason === '' ? '' : html`<br>“${words(reason)}”`}</dd></div>`,
	)}</dl>`;
}

function forms(view: RequestView): Markup {
	const count = view.content.audience.count;
	return html`<h2>Your decision</h2>
<form method="post">
<input type="hidden" name="digest" value="${view.digest}">
<input type="hidden" name="decision" value="approve">
<div class="tick"><input type="checkbox" id="understood" name="understood" value="${count}" required><label for="understood">I understand that this messages ${people(count)}</label></div>
<button class="go">Approve and send</button>
</form>
<form method="post">
<input type="hidden" name="digest" value="${view.digest}">
<input type="hidden" name="decision" value="reject">
<label for="reason">Why not? The service will read this.</label>
<textarea id="reason" name="reason" maxlength="2000" required></textarea>
<button class="stop">Reject</button>
</form>`;
}

function fingerprint(view: RequestView): Markup {
	return html`<p class="soft">Fingerprint of exactly this message, audience and time:<br><code>${view.digest}</code></p>`;
}

function people(count: number): string {
	return `${count.toLocaleString('en-GB')} ${count === 1 ? 'person' : 'people'}`;
}

function at(view: RequestView, when: number | string): string {
	return new Intl.DateTimeFormat('en-GB', { timeZone: view.channel.zone, weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }).format(
		new Date(when),
	);
}
