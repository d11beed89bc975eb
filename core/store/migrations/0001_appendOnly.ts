/** What the first schema itself forbids, beside what the code never does. SQLite only; PostgreSQL revokes the right instead. */
export const appendOnly: string[] = [
	`CREATE TRIGGER ledger_entry_is_append_only BEFORE UPDATE ON ledger_entry
		BEGIN SELECT RAISE(ABORT, 'a ledger entry never changes'); END`,
	`CREATE TRIGGER ledger_entry_is_never_deleted BEFORE DELETE ON ledger_entry
		BEGIN SELECT RAISE(ABORT, 'a ledger entry is never deleted'); END`,
	// INSERT OR REPLACE deletes without asking the trigger above.
	`CREATE TRIGGER ledger_entry_comes_next BEFORE INSERT ON ledger_entry
		WHEN NEW.idx <> (SELECT coalesce(max(idx) + 1, 0) FROM ledger_entry)
		BEGIN SELECT RAISE(ABORT, 'a ledger entry comes next after the newest'); END`,
	`CREATE TRIGGER ledger_checkpoint_is_append_only BEFORE UPDATE ON ledger_checkpoint
		BEGIN SELECT RAISE(ABORT, 'a checkpoint never changes'); END`,
	`CREATE TRIGGER draft_is_immutable BEFORE UPDATE ON draft
		BEGIN SELECT RAISE(ABORT, 'a draft never changes; an edit is a new draft'); END`,
	`CREATE TRIGGER consent_event_is_append_only BEFORE UPDATE ON consent_event
		BEGIN SELECT RAISE(ABORT, 'a consent event never changes'); END`,
];
