import { html } from 'hono/html';
import type { Markup } from '../page';

/** Words that somebody else wrote: escaped, and isolated so that their writing direction ends with them. */
export function words(text: string): Markup {
	return html`<bdi>${text}</bdi>`;
}

/** GOV.UK "Warning text". */
export function warningText(text: Markup | string): Markup {
	return html`<div class="govuk-warning-text"><span class="govuk-warning-text__icon" aria-hidden="true">!</span><strong class="govuk-warning-text__text"><span class="govuk-visually-hidden">Warning</span> ${text}</strong></div>`;
}

/** Several of them, with commas. */
export function listed(texts: readonly string[]): Markup {
	return html`${texts.map((text, place) => html`${place === 0 ? '' : ', '}${words(text)}`)}`;
}

/** `1,204 people` */
export function people(count: number): string {
	return `${number(count)} ${count === 1 ? 'person' : 'people'}`;
}

export function number(count: number): string {
	return count.toLocaleString('en-GB');
}

/** A moment in the channel's zone, such as `Fri 20 Nov, 18:00`. */
export function at({ channel }: { channel: { zone: string } }, when: number | string): string {
	const form = { timeZone: channel.zone, weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' } as const;
	return new Intl.DateTimeFormat('en-GB', form).format(new Date(when));
}

/** A span of time; a day that both ends share is named once. */
export function span(view: { channel: { zone: string } }, from: number | string, to: number | string): string {
	const [start, end] = [at(view, from), at(view, to)];
	const [day] = start.split(', ');
	return `${start} to ${end.startsWith(`${day}, `) ? end.slice(`${day}, `.length) : end}`;
}

export function money(amount: number, currency: string): string {
	return new Intl.NumberFormat('en-GB', { style: 'currency', currency }).format(amount);
}

/** A language by its English name; a code that is none stands for itself. */
export function languageName(code: string): string {
	try {
		return new Intl.DisplayNames('en-GB', { type: 'language', languageDisplay: 'standard' }).of(code) ?? code;
	} catch {
		return code;
	}
}
