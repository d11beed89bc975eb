import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { migrations, schemaVersion } from '../../../../core/store/migrations';
import { migrate, storedVersion } from '../../../../core/store/sqlite/connection';
import { scratchFolder } from '../scratch';

describe('the steps of the schema', () => {
	it('are numbered from 1 without gaps, and the last one is the schema of this code', () => {
		expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, i) => i + 1));
		expect(schemaVersion).toBe(migrations.length);
	});

	it('are taken whole or not at all: a step that breaks off leaves the version and the tables as they were', () => {
		const database = new DatabaseSync(`${scratchFolder()}/half.sqlite`);
		// Stands in the way of a table that comes late in the step.
		database.exec('CREATE TABLE inbox_handover (x)');
		expect(() => migrate(database)).toThrow(/already exists/);
		expect(storedVersion(database)).toBe(0);
		expect(database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all()).toEqual([{ name: 'inbox_handover' }]);
		database.exec('DROP TABLE inbox_handover');
		migrate(database);
		migrate(database);
		expect(storedVersion(database)).toBe(schemaVersion);
		database.close();
	});

	it('link number and user id of the people whom an earlier version knew by both', () => {
		const database = new DatabaseSync(`${scratchFolder()}/earlier.sqlite`);
		for (const statement of migrations[0]?.statements ?? []) database.exec(statement);
		database.exec('PRAGMA user_version = 1');
		const add = database.prepare("INSERT INTO contact (id, phone_lookup, bsuid_lookup, sealed, language, status, created_at, updated_at) VALUES (?, ?, ?, x'00', 'en', 'active', 1, 2)");
		add.run('both', 'phone-1', 'bsuid-1');
		add.run('number', 'phone-2', null);
		add.run('user id', null, 'bsuid-3');
		migrate(database);
		expect(database.prepare('SELECT * FROM person_link').all()).toEqual([{ phone_lookup: 'phone-1', bsuid_lookup: 'bsuid-1', seen_at: 2 }]);
		database.close();
	});
});
