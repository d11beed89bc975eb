import { CivicError } from '../errors';
import { defineCommand, defineQuery } from '../store/command';
import { channelMacParts, loadChannel, openChannel } from './channel';

/** What a person should see before binding a store to a live channel. */
export interface AdoptionFacts {
	channels: Array<{ id: string; name: string; mode: string; adoptedAt: number | null }>;
	contacts: number;
	optOuts: number;
	ledgerSize: number;
	createdAt: number;
}

export const readAdoptionFacts = defineQuery('channel.adoption-facts', async (context, _: undefined): Promise<AdoptionFacts> => {
	const { db } = context;
	const rows = await db.selectFrom('channel').selectAll().orderBy('id').execute();
	const count = async (table: 'contact' | 'opt_out') =>
		Number((await db.selectFrom(table).select((of) => of.fn.countAll<number>().as('n')).executeTakeFirstOrThrow()).n);
	// Two contacts that turned out to be one person are one.
	const merged = (await db.selectFrom('contact').select('id').where('merged_into', 'is not', null).execute()).length;
	const head = await db.selectFrom('ledger_head').select('size').executeTakeFirst();
	const identity = await db.selectFrom('store_identity').select('created_at').executeTakeFirstOrThrow();
	return {
		channels: rows.map((row) => {
			const { id, name, mode, adoptedAt } = openChannel(context, row);
			return { id, name, mode, adoptedAt };
		}),
		contacts: (await count('contact')) - merged,
		optOuts: await count('opt_out'),
		ledgerSize: head?.size ?? 0,
		createdAt: identity.created_at,
	};
});

/** Binds this store to a channel for live sending. Only the host command calls it; no node does. */
export const adoptChannel = defineCommand(
	'channel.adopt',
	async (context, input: { channelId: string; operator: string }): Promise<{ adoptedAt: number; already: boolean }> => {
		const { db, keys, now } = context;
		if (input.operator.trim() === '') {
			throw new CivicError('input.invalid', 'Who adopts the store is not named.', 'Give your name with --by "Name".');
		}
		const channel = await loadChannel(context, input.channelId);
		if (channel.adoptedAt !== null) return { adoptedAt: channel.adoptedAt, already: true };
		const row = await db.selectFrom('channel').selectAll().where('id', '=', channel.id).executeTakeFirstOrThrow();
		const mac = keys.mac('channel', channelMacParts({ ...row, adopted_at: now }));
		await db.updateTable('channel').set({ adopted_at: now, updated_at: now, mac }).where('id', '=', channel.id).execute();
		context.append({
			act: 'channel.adopt',
			actor: { role: 'operator' },
			outcome: 'ok',
			channel: channel.id,
			resource: { type: 'channel', id: channel.id },
			disclose: { operator: input.operator.trim() },
		});
		return { adoptedAt: now, already: false };
	},
);
