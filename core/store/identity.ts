import { CivicError } from '../errors';
import { defineCommand, defineQuery } from './command';

/** What tells this store from every other one. */
export interface StoreIdentity {
	/** UUID, made with the store. */
	storeId: string;
	/** The name under which the ledger signs: a schema-less URL (C2SP signed-note). */
	origin: string;
}

/** Whether the store is new, and whether these are its keys. */
export const checkStoreIdentity = defineQuery('store.check-identity', async ({ db, keys }, _: undefined): Promise<'new' | 'known'> => {
	const row = await db.selectFrom('store_identity').selectAll().executeTakeFirst();
	if (row === undefined) return 'new';
	if (keys.keyCheck([row.store_id, row.origin]) !== row.key_check) {
		throw new CivicError(
			'store.keys-wrong',
			'The key file does not belong to this store.',
			'Restore keys.json and the store from one and the same backup. Until then nothing is read and nothing is sent.',
		);
	}
	return 'known';
});

export const createStoreIdentity = defineCommand('store.create-identity', async (context, _: undefined): Promise<StoreIdentity> => {
	const { db, keys, random, now } = context;
	const existing = await db.selectFrom('store_identity').selectAll().executeTakeFirst();
	if (existing !== undefined) return { storeId: existing.store_id, origin: existing.origin };
	const storeId = random.uuid();
	const origin = `civic-comms/store/${storeId}`;
	await db
		.insertInto('store_identity')
		.values({ id: 1, store_id: storeId, origin, key_check: keys.keyCheck([storeId, origin]), created_at: now })
		.execute();
	context.append({ act: 'store.create', actor: { role: 'system' }, outcome: 'ok', resource: { type: 'store', id: storeId } });
	return { storeId, origin };
});

export const readStoreIdentity = defineQuery('store.identity', async ({ db }, _: undefined): Promise<StoreIdentity> => {
	const row = await db.selectFrom('store_identity').selectAll().executeTakeFirstOrThrow();
	return { storeId: row.store_id, origin: row.origin };
});
