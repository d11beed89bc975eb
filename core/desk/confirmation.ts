import { html } from 'hono/html';
import type { RequestView } from '../approval/viewRequest';
import type { Markup } from './page';

type Confirmable = Pick<RequestView, 'confirmation' | 'channel' | 'digest'>;

/** Where an approver asks for the code that goes with their decision. Nothing where their link is enough. */
export function confirmation({ confirmation: state, channel }: Confirmable): Markup | '' {
	if (state === null) return '';
	const heading = html`<h2 class="govuk-heading-m" id="confirm">Confirm it is you</h2>`;
	if (state.locked) {
		return html`${heading}
<p class="govuk-body warn">Too many wrong codes were entered, so this link no longer decides on this message. Another approver can decide, or the service can request sign-off again. Tell them if it was not you who entered the codes.</p>`;
	}
	const clock = (when: number) => new Intl.DateTimeFormat('en-GB', { timeZone: channel.zone, hour: '2-digit', minute: '2-digit' }).format(new Date(when));
	const { sentAt, expiresAt } = state;
	const sent = sentAt !== null && expiresAt !== null;
	return html`${heading}
${
	sent
		? html`<p class="govuk-body" role="status">We sent a code with six digits to your WhatsApp at ${clock(sentAt)}. Enter it below with your decision. It works until ${clock(expiresAt)}; only the newest code works.</p>`
		: html`<p class="govuk-body">To decide you need a code with six digits. We send it by WhatsApp to the number that the council has for you.</p>`
}
<form method="post">
<input type="hidden" name="send" value="code">
<button type="submit" class="govuk-button govuk-button--secondary desk-wide">${sent ? 'Send me a new code' : 'Send me a code'}</button>
</form>`;
}

/** Whether forms to decide are of any use to this person. */
export function mayConfirm({ confirmation: state }: Pick<RequestView, 'confirmation'>): boolean {
	return state?.locked !== true;
}

/**
 * The field for the code in the form of one decision (GOV.UK Design System, "Confirm a phone number").
 * @param of which decision's form; names the field apart from those in the other forms of the page
 */
export function codeField({ confirmation: state }: Pick<RequestView, 'confirmation'>, of: string): Markup | '' {
	if (state === null) return '';
	return html`<div class="govuk-form-group"><label class="govuk-label" for="code-${of}">Code from WhatsApp</label>
<div class="govuk-hint soft" id="code-${of}-hint">Six digits</div>
<input class="govuk-input govuk-input--width-10" id="code-${of}" name="code" type="text" inputmode="numeric" autocomplete="one-time-code" spellcheck="false" maxlength="20" required aria-describedby="code-${of}-hint"></div>`;
}
