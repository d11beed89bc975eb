import type { Migration } from './migration';

/** What Meta says a message was charged as: its own JSON, from the first status that carries it. Never worked out here. */
export const pricing: Migration = {
	version: 3,
	statements: ['delivery', 'direct_message', 'staff_notice'].map((table) => `ALTER TABLE ${table} ADD COLUMN pricing TEXT`),
	sqlite: ['delivery', 'direct_message', 'staff_notice'].map(
		(table) => `CREATE TRIGGER ${table}_is_priced_once BEFORE UPDATE OF pricing ON ${table} WHEN OLD.pricing IS NOT NULL AND NEW.pricing IS NOT OLD.pricing
			BEGIN SELECT RAISE(ABORT, 'what Meta first said a message costs never changes'); END`,
	),
};
