import { loadChannel } from '../../core/channel/channel';
import { defineCommand, defineQuery, type CommandContext, type SqlValue } from '../../core/store/command';
import type { Store } from '../../core/store/store';

/** What somebody with a database tool can do: read and write rows without our code, past the schema's own guards. */
export function within<Output>(store: Store, run: (context: CommandContext) => Promise<Output>): Promise<Output> {
	return store.execute(defineCommand('test.within', run), undefined);
}

export function rows<Row>(store: Store, sql: string, ...values: SqlValue[]): Promise<Row[]> {
	return within(store, (context) => context.sql.all<Row>(sql, ...values));
}

export async function editByHand(store: Store, sql: string, ...values: SqlValue[]): Promise<void> {
	const { changes } = await within(store, (context) => context.sql.run(sql, ...values));
	if (changes === 0) throw new Error(`nothing was edited: ${sql}`);
}

/** Of the rules that the store holds: what a node has whose credential was opened last. */
export function rulesFingerprint(store: Store, channelId: string): Promise<string> {
	return store.execute(defineQuery('test.rules', async (context, _: undefined) => (await loadChannel(context, channelId)).rulesFingerprint), undefined);
}

/** Acts in the ledger, oldest first. */
export async function acts(store: Store): Promise<string[]> {
	return (await rows<{ act: string }>(store, 'SELECT act FROM ledger_index ORDER BY idx')).map(({ act }) => act);
}
