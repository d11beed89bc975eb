import { html } from 'hono/html';
import { codeField } from '../confirmation';
import type { Markup } from '../page';
import { describedBy, errorMessage } from './errorSummary';
import type { PageView, Refusal } from './pageView';
import { people } from './words';

/** As many characters as a decision takes. */
export const longestReason = 2000;

/**
 * A form for each decision, so that none needs a script to hide what the others ask for. The two that say no fold out;
 * a refused one comes back open, with the words that were in it.
 */
export function decisionForms(view: PageView, refusal: Refusal | undefined): Markup {
	return html`<h2 class="govuk-heading-m">Your decision</h2>
${approve(view, refusal)}
${view.mayReturn === true ? sendBack(view, refusal) : ''}
${reject(view, refusal)}`;
}

function approve(view: PageView, refusal: Refusal | undefined): Markup {
	const count = view.content.audience.count;
	return html`<form method="post">
${decision(view, 'approve')}
<div class="govuk-form-group${refusal?.field === 'understood' ? ' govuk-form-group--error' : ''}">${errorMessage('understood', refusal)}
<div class="govuk-checkboxes"><div class="govuk-checkboxes__item"><input class="govuk-checkboxes__input" id="understood" type="checkbox" name="understood" value="${count}" required${describedBy('understood', refusal)}><label class="govuk-label govuk-checkboxes__label" for="understood">I understand that this messages ${people(count)}</label></div></div></div>
${codeField(view, 'approve')}
<button type="submit" class="govuk-button desk-wide">Approve and send</button>
</form>`;
}

function sendBack(view: PageView, refusal: Refusal | undefined): Markup {
	return html`<details class="govuk-details"${open('change', refusal)}>
<summary class="govuk-details__summary"><span class="govuk-details__summary-text">Return it for a change</span></summary>
<div class="govuk-details__text"><form method="post">
${decision(view, 'return')}
${writing({ field: 'change', label: 'What has to change?', hint: 'The service reads this and can ask you again with a new version.', refusal })}
${codeField(view, 'return')}
<button type="submit" class="govuk-button govuk-button--secondary desk-wide">Return for change</button>
</form></div></details>`;
}

function reject(view: PageView, refusal: Refusal | undefined): Markup {
	return html`<details class="govuk-details"${open('reason', refusal)}>
<summary class="govuk-details__summary"><span class="govuk-details__summary-text">Reject it</span></summary>
<div class="govuk-details__text"><form method="post">
${decision(view, 'reject')}
${writing({ field: 'reason', label: 'Why not?', hint: 'The service reads this. Nothing is sent.', refusal })}
${codeField(view, 'reject')}
<button type="submit" class="govuk-button govuk-button--warning desk-wide">Reject</button>
</form></div></details>`;
}

/** Stops a broadcast under way; for anyone who may approve. */
export function stopForm(view: PageView): Markup | '' {
	if (view.mayStop !== true) return '';
	return html`<form method="post">
${decision(view, 'stop')}
<p class="govuk-hint" id="stop-hint">Those who have not got the message yet will not get it. What was sent cannot be called back.</p>
<button type="submit" class="govuk-button govuk-button--warning desk-wide" aria-describedby="stop-hint">Stop sending</button>
</form>`;
}

function decision(view: PageView, name: 'approve' | 'reject' | 'return' | 'stop'): Markup {
	return html`<input type="hidden" name="digest" value="${view.digest}"><input type="hidden" name="decision" value="${name}">`;
}

function open(field: 'reason' | 'change', refusal: Refusal | undefined): Markup | '' {
	return refusal?.field === field || typedIn(field, refusal) !== '' ? html` open` : '';
}

/** What the person had written; a character that the limit cuts in half goes whole. */
function typedIn(field: 'reason' | 'change', refusal: Refusal | undefined): string {
	return (refusal?.typed?.[field] ?? '').slice(0, longestReason).replace(/[\uD800-\uDBFF]$/, '');
}

function writing({ field, label, hint, refusal }: { field: 'reason' | 'change'; label: string; hint: string; refusal: Refusal | undefined }): Markup {
	const wrong = refusal?.field === field;
	return html`<div class="govuk-form-group${wrong ? ' govuk-form-group--error' : ''}"><label class="govuk-label govuk-label--s" for="${field}">${label}</label>
<div id="${field}-hint" class="govuk-hint">${hint}</div>${errorMessage(field, refusal)}
<textarea class="govuk-textarea${wrong ? ' govuk-textarea--error' : ''}" id="${field}" name="${field}" rows="4" maxlength="${longestReason}" required dir="auto"${describedBy(field, refusal, `${field}-hint`)}>
${typedIn(field, refusal)}</textarea></div>`;
}
