import { DateTime } from 'luxon';
import type { Channel } from '../channel/channel';
import { CivicError } from '../errors';
import type { CommandContext } from '../store/command';
import type { DraftSummary } from './draftSummary';
import type { CostEstimate } from './priceTable';

/**
 * What the broadcasts of a service on a channel come to by estimate, those that began in the calendar month of `now` in the
 * channel's zone. In the given currency; broadcasts that were estimated in another one are not in it.
 */
export async function spentThisMonth({ sql, now }: CommandContext, channel: Channel, service: string, currency: string): Promise<number> {
	const month = DateTime.fromMillis(now, { zone: channel.rules.zone }).startOf('month').toMillis();
	const rows = await sql.all<{ content: string; summary: string }>(
		'SELECT draft.content, draft.summary FROM broadcast JOIN draft ON draft.id = broadcast.draft_id WHERE broadcast.channel_id = ? AND broadcast.started_at >= ?',
		channel.id,
		month,
	);
	return rows
		.filter(({ content }) => (JSON.parse(content) as { service?: string }).service === service)
		.map(({ summary }) => (JSON.parse(summary) as DraftSummary).cost)
		.reduce((sum, cost) => (cost?.currency === currency ? sum + cost.amount : sum), 0);
}

/**
 * Whether a service may spend this much more this month.
 * @throws CivicError channel.rules, with the figures
 */
export async function requireBudget(context: CommandContext, channel: Channel, service: string, cost: CostEstimate | null): Promise<void> {
	const cap = channel.rules.caps.spendPerServicePerMonth;
	if (cap === null) return;
	if (cost === null) {
		throw new CivicError('channel.rules', `Service "${service}" has a budget on channel "${channel.name}", and what this message costs is not known.`, 'Choose a template of the category utility or marketing.');
	}
	const spent = await spentThisMonth(context, channel, service, cost.currency);
	if (spent + cost.amount <= cap) return;
	const money = (amount: number) => new Intl.NumberFormat('en-GB', { style: 'currency', currency: cost.currency }).format(amount);
	throw new CivicError(
		'channel.rules',
		`This message would cost about ${money(cost.amount)}. Service "${service}" has spent about ${money(spent)} of ${money(cap)} on channel "${channel.name}" this month.`,
		'Choose fewer areas, wait for next month, or have IT raise the budget in the credential.',
	);
}
