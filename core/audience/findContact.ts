import type { CommandContext } from '../store/command';

/** A contact's row as far as it can be read without that person's key. */
export interface ContactRow {
	id: string;
	phone_lookup: string | null;
	bsuid_lookup: string | null;
	sealed: Uint8Array;
	language: string;
	status: 'active' | 'unreachable';
}

/** @param by which of the two hashes */
export async function findContact({ sql }: CommandContext, by: 'phone' | 'bsuid', lookup: string): Promise<ContactRow | undefined> {
	const rows = await sql.all<ContactRow>(
		`SELECT id, phone_lookup, bsuid_lookup, sealed, language, status FROM contact WHERE ${by}_lookup = ?`,
		lookup,
	);
	return rows[0];
}

/** Every hash the contact is known by. */
export function lookupsOf({ phone_lookup, bsuid_lookup }: Pick<ContactRow, 'phone_lookup' | 'bsuid_lookup'>): string[] {
	return [phone_lookup, bsuid_lookup].filter((lookup) => lookup !== null);
}
