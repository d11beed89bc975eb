import { CivicError } from '../errors';
import { defineCommand, defineQuery, type CommandContext } from '../store/command';
import type { Row } from '../store/schema';

export interface DeskAddress {
	/** Where pages are served, ending in a slash; a link is this and a secret. */
	pageAddress: string;
	/** What to enter at Meta as callback URL. */
	webhookAddress: string;
}

/** A desk that was not heard of for longer is taken to be off. It is heard of twice a minute. */
export const deskSilenceMs = 3 * 60_000;

/** The desk says where it is and that it is on. Entered in the ledger when that changed. */
export const openDesk = defineCommand('desk.open', async (context, input: DeskAddress): Promise<void> => {
	const before = await context.db.selectFrom('desk').selectAll().executeTakeFirst();
	const row = { id: 1, page_address: input.pageAddress, webhook_address: input.webhookAddress, active: 1, seen_at: context.now };
	await context.db.insertInto('desk').values(row).onConflict((conflict) => conflict.column('id').doUpdateSet(row)).execute();
	if (before !== undefined && before.active === 1 && before.page_address === input.pageAddress && before.webhook_address === input.webhookAddress) return;
	context.append({ act: 'desk.open', actor: { role: 'system' }, outcome: 'ok', disclose: { ...input } });
});

export const closeDesk = defineCommand('desk.close', async (context, _: undefined): Promise<void> => {
	const { changes } = await context.sql.run('UPDATE desk SET active = 0 WHERE active = 1');
	if (changes > 0) context.append({ act: 'desk.close', actor: { role: 'system' }, outcome: 'ok' });
});

/** Keeps the desk known as being on. */
export const seeDesk = defineCommand('desk.see', async (context, _: undefined): Promise<void> => {
	await context.sql.run('UPDATE desk SET seen_at = ? WHERE active = 1', context.now);
});

export const readDesk = defineQuery('desk.read', async (context, _: undefined): Promise<(DeskAddress & { active: boolean }) | null> => {
	const row = await context.db.selectFrom('desk').selectAll().executeTakeFirst();
	return row === undefined ? null : { pageAddress: row.page_address, webhookAddress: row.webhook_address, active: isDeskOn(context, row) };
});

export function isDeskOn(context: CommandContext, desk: Row<'desk'>): boolean {
	return desk.active === 1 && context.now - desk.seen_at < deskSilenceMs;
}

/** Where its pages are. @throws CivicError desk.inactive */
export async function requireDesk(context: CommandContext): Promise<string> {
	const desk = await context.db.selectFrom('desk').selectAll().executeTakeFirst();
	if (desk === undefined || !isDeskOn(context, desk)) {
		throw new CivicError(
			'desk.inactive',
			'No desk is active, so nobody could open the sign-off link.',
			'Import workflows/desk.json and activate it. It has one node and must always be on.',
		);
	}
	return desk.page_address;
}
