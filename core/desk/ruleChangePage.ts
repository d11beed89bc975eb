import { html } from 'hono/html';
import type { RuleChangeView } from '../approval/viewRuleChange';
import type { DeskResponse } from './deskResponse';
import { codeField, confirmation, mayConfirm } from './confirmation';
import { pageResponse, type Markup } from './page';
import { errorSummary } from './signOff/errorSummary';
import type { Refusal } from './signOff/pageView';
import { at, words } from './signOff/words';

/**
 * The page behind an approver's link to a change of the rules: what would change, who could sign from then on, and two buttons;
 * afterwards what became of it.
 * @param refusal what was wrong with the decision just sent, shown on top
 */
export function ruleChangePage(view: RuleChangeView, refusal?: Refusal): Promise<DeskResponse> {
	return pageResponse(
		refusal?.status ?? 200,
		`${refusal === undefined ? '' : 'Error: '}${headline(view)} – rules of a channel`,
		html`${refusal === undefined ? '' : errorSummary(refusal)} ${status(view)} ${differences(view)} ${approvers(view)} ${decisions(view)} ${view.mayDecide ? confirmation(view) : ''} ${view.mayDecide && mayConfirm(view) ? forms(view) : ''}
<p class="govuk-hint">Fingerprint of exactly this change:<br><code class="desk-code">${view.digest}</code></p>`,
		{ channel: view.channel.name },
	);
}

function headline(view: RuleChangeView): string {
	if (view.mayDecide) return 'Looser rules: your sign-off is needed';
	if (view.timeUp) return 'Time is up';
	return {
		pending: 'Waiting for others',
		approved: 'The new rules are in force',
		rejected: 'Rejected',
		returned: 'Rejected',
		withdrawn: 'Taken back',
		superseded: 'Overtaken by another change',
		expired: 'Time is up',
	}[view.state];
}

function status(view: RuleChangeView): Markup {
	if (view.mayDecide) {
		const from = view.source === '' ? '' : html` It stands in the credential ${words(`“${view.source}”`)}.`;
		return html`<h1 class="govuk-heading-l">${headline(view)}</h1>
<p class="govuk-body-l">Channel ${words(view.channel.name)}</p>
<p class="govuk-body">IT proposes other rules for this channel, and they would allow more than the rules in force.${from} Decide, ${words(view.approver)}, by ${at(view, view.expiresAt)}. If nobody decides, the rules stay as they are. No message is sent by this.</p>`;
	}
	return html`<h1 class="govuk-heading-l">${headline(view)}</h1><p class="govuk-body-l">Channel ${words(view.channel.name)}</p><div class="govuk-inset-text">${whatNow(view)}</div>`;
}

function whatNow(view: RuleChangeView): string {
	if (view.state === 'approved') return 'The change was signed and is in force. Sign-offs of messages under the rules before do not hold any more.';
	if (view.state === 'pending' && !view.timeUp) return `${view.decisions.length} of ${view.signaturesNeeded} signatures are there.`;
	if (view.state === 'superseded') return 'Something else changed first. There is nothing to decide here; if there is still something to sign, you get a new link.';
	return 'The rules stay as they were.';
}

function differences(view: RuleChangeView): Markup {
	const effects = { loosens: 'allows more', tightens: 'allows less', neutral: 'neither' };
	return html`<h2 class="govuk-heading-m">What changes</h2>
<table class="govuk-table"><thead class="govuk-table__head"><tr class="govuk-table__row">${['Rule', 'Before', 'After', 'Effect'].map((name) => html`<th scope="col" class="govuk-table__header">${name}</th>`)}</tr></thead>
<tbody class="govuk-table__body">${view.differences.map(
		({ field, before, after, direction }) =>
			html`<tr class="govuk-table__row"><th scope="row" class="govuk-table__header">${words(field.replaceAll("'", ''))}</th><td class="govuk-table__cell">${words(before)}</td><td class="govuk-table__cell">${words(after)}</td><td class="govuk-table__cell">${effects[direction]}</td></tr>`,
	)}</tbody></table>`;
}

function approvers({ approvers: people }: RuleChangeView): Markup {
	return html`<h2 class="govuk-heading-m">Who could sign messages from then on</h2>
<ul class="govuk-list govuk-list--bullet">${people.map(({ name, email, phone, role, group }) => {
		const as = [...(role === '' ? [] : [`role ${role}`]), ...(group === '' ? [] : [`group ${group}`])].join(', ');
		return html`<li>${words(name)}, ${words(email)}, ${words(phone)}${as === '' ? '' : html` (${words(as)})`}</li>`;
	})}</ul>`;
}

function decisions(view: RuleChangeView): Markup | '' {
	if (view.decisions.length === 0) return '';
	return html`<h2 class="govuk-heading-m">Decisions so far</h2><ul class="govuk-list">${view.decisions.map(
		({ by, decision, at: when, reason }) => html`<li>${words(by)}: ${decision === 'approve' ? 'approved' : 'rejected'} ${at(view, when)}${reason === '' ? '' : html`, ${words(`“${reason}”`)}`}</li>`,
	)}</ul>`;
}

function forms(view: RuleChangeView): Markup {
	const count = view.differences.length;
	return html`<h2 class="govuk-heading-m">Your decision</h2>
<form method="post">
<input type="hidden" name="digest" value="${view.digest}">
<input type="hidden" name="decision" value="approve">
<div class="govuk-checkboxes"><div class="govuk-checkboxes__item"><input class="govuk-checkboxes__input" type="checkbox" id="understood" name="understood" value="${count}" required><label class="govuk-label govuk-checkboxes__label" for="understood">I understand that ${
		count === 1 ? 'this rule' : `these ${count} rules`
	} will change for every message on this channel</label></div></div>
${codeField(view, 'approve')}
<button type="submit" class="govuk-button desk-wide">Approve the change</button>
</form>
<form method="post">
<input type="hidden" name="digest" value="${view.digest}">
<input type="hidden" name="decision" value="reject">
<label class="govuk-label" for="reason">Why not? IT will read this.</label>
<textarea class="govuk-textarea" id="reason" name="reason" rows="3" maxlength="2000" required></textarea>
${codeField(view, 'reject')}
<button type="submit" class="govuk-button govuk-button--warning desk-wide">Reject</button>
</form>`;
}
