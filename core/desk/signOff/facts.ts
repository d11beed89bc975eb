import { html } from 'hono/html';
import type { FeedEntry } from '../../message/draftContent';
import type { CostEstimate } from '../../message/priceTable';
import { sourceInWords } from '../../message/draftPeople';
import type { Markup } from '../page';
import type { StageView } from '../../approval/viewRequest';
import type { PageView } from './pageView';
import { at, languageName, listed, money, number, people, span, warningText, words } from './words';

type Row = [name: string, value: Markup | string];

/** What decides beside the words themselves, in three lines. */
export function glance(view: PageView): Markup {
	const { summary } = view;
	const rows: Row[] = [
		['To', whoGetsIt(view)],
		['When', when(view)],
		['Cost', summary.cost === null ? 'not known for this category' : `about ${money(summary.cost.amount, summary.cost.currency)}`],
	];
	return html`<dl class="govuk-body desk-glance">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** What the rules of the channel will make of it; of no use once it is decided. */
export function warnings({ summary, state }: PageView): Markup | '' {
	if (state !== 'pending') return '';
	return html`${summary.warnings.map((warning) => warningText(words(warning)))}`;
}

/** All that the signature covers and all that is known about it. */
export function facts(view: PageView): Markup {
	const { content, summary } = view;
	const rows: Row[] = [
		['Who gets it', whoGetsIt(view)],
		['Left out', leftOut(view)],
		['When', when(view)],
		['Cost', summary.cost === null ? 'Not known for this category' : costWords(summary.cost)],
		['Language', html`${listed(content.variants.map(({ contentLanguage }) => languageName(contentLanguage)))}`],
		['Template', html`${listed([...new Set(content.variants.map(({ template, templateLanguage }) => `${template} (${templateLanguage})`))])}, ${words(content.category.toLowerCase())}`],
		['Asked by', html`${words(view.requester)}, for ${words(content.service)}${sourceInWords(view.requesterSource)}`],
		['Worked on by', view.contributors.length === 0 ? 'Nobody else' : listed(view.contributors)],
		['Channel', html`${words(view.channel.name)}${content.mode === 'training' ? ' (training: reaches approvers only)' : ''}`],
		...(content.feed === null ? [] : [ledToBy(view, content.feed)]),
		...view.stages.map(stageRow),
		['Signatures', `${view.signatures} of ${view.signaturesNeeded}`],
		...(view.extra.length === 0 ? [] : [['Why so many', listed(view.extra)] as Row]),
	];
	return html`<h2 class="govuk-heading-m">Who, when, why</h2>
<dl class="govuk-summary-list">${rows.map(([name, value]) => html`<div class="govuk-summary-list__row"><dt class="govuk-summary-list__key">${name}</dt><dd class="govuk-summary-list__value">${value}</dd></div>`)}</dl>
${areas(view)}`;
}

/** `1,204 people in Route 1 who follow winter roads` */
function whoGetsIt({ content, summary }: PageView): Markup {
	const [, rest] = /^people (.*)$/s.exec(summary.audience.description) ?? [];
	return html`<strong>${people(content.audience.count)}</strong>${rest === undefined ? html`: ${words(summary.audience.description)}` : html` ${words(rest)}`}`;
}

function when(view: PageView): string {
	return `${span(view, view.content.notBefore, view.content.notAfter)} at the latest`;
}

function leftOut({ summary }: PageView): string {
	const { optedOut, unreachable, capped = 0 } = summary.audience.leftOut;
	const all = optedOut + unreachable + capped;
	if (all === 0) return 'Nobody';
	return `${people(all)}: ${number(optedOut)} opted out, ${number(unreachable)} unreachable${capped === 0 ? '' : `, ${number(capped)} had as many messages this week as one person may`}`;
}

function costWords({ amount, currency, asOf, leavesOut = [] }: CostEstimate): Markup {
	return html`About ${money(amount, currency)} if all are delivered (Meta's prices of ${words(asOf)}${leavesOut.length === 0 ? '' : html`; without ${listed(leavesOut)}`})`;
}

function ledToBy(view: PageView, { source, id, time }: FeedEntry): Row {
	const published = isMoment.test(time) && Number.isFinite(Date.parse(time)) ? at(view, time) : words(time);
	return ['Led to by', html`${words(source)}, ${words(id)}, ${published}`];
}

/** ISO 8601 with an offset: without one it would be read in the zone of this machine. */
const isMoment = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/;

function stageRow({ name, state, signatures, signaturesNeeded }: StageView, place: number): Row {
	const how = { done: 'done', now: 'deciding now', later: 'not yet their turn' }[state];
	return [`Stage ${place + 1}`, html`${words(name)}: ${signatures} of ${signaturesNeeded}, ${how}`];
}

function areas({ summary }: PageView): Markup | '' {
	if (summary.audience.byArea.length === 0) return '';
	return html`<table class="govuk-table"><caption class="govuk-table__caption govuk-table__caption--s">People by area</caption>
<thead class="govuk-table__head"><tr class="govuk-table__row"><th scope="col" class="govuk-table__header">Area</th><th scope="col" class="govuk-table__header govuk-table__header--numeric">People</th></tr></thead>
<tbody class="govuk-table__body">${summary.audience.byArea.map(({ name, count }) => html`<tr class="govuk-table__row"><td class="govuk-table__cell">${words(name)}</td><td class="govuk-table__cell govuk-table__cell--numeric">${number(count)}</td></tr>`)}</tbody></table>`;
}
