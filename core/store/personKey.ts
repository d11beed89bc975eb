import type { KeyObject } from 'node:crypto';
import type { CommandContext } from './command';

/**
 * The key that seals everything personal about one subject. Deleting its row makes those values unreadable for good.
 * @param subject a contact id, or `person:<lookup>` for somebody who is not a contact
 */
export async function personKey(context: CommandContext, subject: string): Promise<KeyObject> {
	const existing = await existingPersonKey(context, subject);
	if (existing !== undefined) return existing;
	const { key, wrapped } = context.keys.newPersonKey(subject);
	await context.sql.run('INSERT INTO subject_key (subject, wrapped) VALUES (?, ?)', subject, wrapped);
	return key;
}

/** @returns undefined when the person was erased or never known */
export async function existingPersonKey(context: CommandContext, subject: string): Promise<KeyObject | undefined> {
	const rows = await context.sql.all<{ wrapped: Uint8Array }>('SELECT wrapped FROM subject_key WHERE subject = ?', subject);
	const row = rows[0];
	return row === undefined ? undefined : context.keys.unwrapPersonKey(subject, row.wrapped);
}

/** Seals a JSON value under a person's key. `place` names table and row and is authenticated. */
export async function sealPersonal(context: CommandContext, subject: string, place: string, value: unknown): Promise<Buffer> {
	return context.keys.sealFor(await personKey(context, subject), place, JSON.stringify(value));
}

/** @returns undefined when the person's key is gone (erased) */
export async function openPersonal<Value>(
	context: CommandContext,
	subject: string,
	place: string,
	sealed: Uint8Array,
): Promise<Value | undefined> {
	const key = await existingPersonKey(context, subject);
	return key === undefined ? undefined : (JSON.parse(context.keys.openFor(key, place, sealed).toString('utf8')) as Value);
}
