import type { Migration } from './migration';

/**
 * Sign-off in steps: more ways to end a request, a plan fixed with each, several links a person, codes that confirm who
 * decides; and changes of the rules that wait for sign-off as a draft does. SQLite cannot widen a CHECK, so three tables are made anew with what they held.
 */
export const approval: Migration = {
	version: 4,
	rebuilds: true,
	statements: [
		// --- drafts know what they are for ---------------------------------------------------------------------------
		'ALTER TABLE draft ADD COLUMN purpose_lookup TEXT',
		'CREATE INDEX draft_purpose ON draft (channel_id, purpose_lookup, created_at)',

		// --- how often one person was written to ---------------------------------------------------------------------
		'CREATE INDEX delivery_contact ON delivery (contact_id, intent_at)',

		// --- codes that confirm who decides ---------------------------------------------------------------------------
		`CREATE TABLE approval_code (
			id TEXT PRIMARY KEY,
			request_id TEXT NOT NULL,
			token_hash TEXT NOT NULL,
			approver_lookup TEXT NOT NULL,
			code_lookup TEXT NOT NULL,
			created_at INTEGER NOT NULL,
			expires_at INTEGER NOT NULL,
			wrong_tries INTEGER NOT NULL DEFAULT 0,
			used_at INTEGER,
			not_sent_at INTEGER,
			mac TEXT NOT NULL
		)`,
		'CREATE INDEX approval_code_person ON approval_code (approver_lookup, created_at)',

		// --- rules that wait for sign-off --------------------------------------------------------------------------------
		'ALTER TABLE channel ADD COLUMN source TEXT',
		`CREATE TABLE rule_change (
			id TEXT PRIMARY KEY,
			channel_id TEXT NOT NULL REFERENCES channel (id),
			proposal_fingerprint TEXT NOT NULL,
			proposal_sealed BLOB NOT NULL,
			rules_before TEXT NOT NULL,
			mode_before TEXT NOT NULL,
			state TEXT NOT NULL CHECK (state IN ('pending', 'applied', 'refused', 'expired', 'superseded')),
			proposed_at INTEGER NOT NULL,
			ended_at INTEGER,
			asked_at INTEGER,
			mac TEXT NOT NULL
		)`,
		'CREATE INDEX rule_change_channel ON rule_change (channel_id, proposed_at)',
	],
	sqlite: [
		`CREATE TABLE approval_request_4 (
			id TEXT PRIMARY KEY,
			draft_id TEXT REFERENCES draft (id),
			rule_change_id TEXT REFERENCES rule_change (id),
			channel_id TEXT NOT NULL,
			digest TEXT NOT NULL,
			rules_fingerprint TEXT NOT NULL,
			signatures_needed INTEGER NOT NULL,
			state TEXT NOT NULL CHECK (state IN ('pending', 'approved', 'rejected', 'returned', 'withdrawn', 'superseded', 'expired')),
			created_at INTEGER NOT NULL,
			expires_at INTEGER NOT NULL,
			decided_at INTEGER,
			plan_sealed BLOB,
			closed_sealed BLOB,
			asked_stage INTEGER NOT NULL DEFAULT 0,
			notice_at INTEGER,
			reminded_at INTEGER,
			escalated_at INTEGER,
			execution_id TEXT,
			resume_sealed BLOB,
			resumed_at INTEGER,
			resume_attempts INTEGER NOT NULL DEFAULT 0,
			resume_after INTEGER,
			mac TEXT NOT NULL,
			CHECK ((draft_id IS NULL) <> (rule_change_id IS NULL))
		) STRICT`,
		`INSERT INTO approval_request_4 (id, draft_id, channel_id, digest, rules_fingerprint, signatures_needed, state, created_at, expires_at, decided_at,
				execution_id, resume_sealed, resumed_at, resume_attempts, resume_after, mac)
			SELECT id, draft_id, channel_id, digest, rules_fingerprint, signatures_needed, state, created_at, expires_at, decided_at,
				execution_id, resume_sealed, resumed_at, resume_attempts, resume_after, mac FROM approval_request`,
		'DROP TABLE approval_request',
		'ALTER TABLE approval_request_4 RENAME TO approval_request',
		'CREATE INDEX approval_request_state ON approval_request (state, resumed_at)',
		'CREATE INDEX approval_request_draft ON approval_request (draft_id)',
		"CREATE INDEX approval_request_notice ON approval_request (notice_at) WHERE state = 'pending'",
		'CREATE INDEX approval_request_channel ON approval_request (channel_id, created_at)',
		'CREATE INDEX approval_request_change ON approval_request (rule_change_id)',

		`CREATE TABLE approval_link_4 (
			token_hash TEXT PRIMARY KEY,
			request_id TEXT NOT NULL REFERENCES approval_request (id),
			approver_lookup TEXT NOT NULL,
			approver_sealed BLOB NOT NULL,
			created_at INTEGER NOT NULL,
			kind TEXT NOT NULL DEFAULT 'private' CHECK (kind IN ('private', 'locator'))
		) STRICT`,
		`INSERT INTO approval_link_4 (token_hash, request_id, approver_lookup, approver_sealed, created_at)
			SELECT token_hash, request_id, approver_lookup, approver_sealed, created_at FROM approval_link`,
		'DROP TABLE approval_link',
		'ALTER TABLE approval_link_4 RENAME TO approval_link',
		'CREATE INDEX approval_link_request ON approval_link (request_id)',

		`CREATE TABLE approval_decision_4 (
			id TEXT PRIMARY KEY,
			request_id TEXT NOT NULL REFERENCES approval_request (id),
			approver_lookup TEXT NOT NULL,
			decision TEXT NOT NULL CHECK (decision IN ('approve', 'reject', 'return')),
			decided_at INTEGER NOT NULL,
			digest TEXT NOT NULL,
			detail_sealed BLOB NOT NULL,
			mac TEXT NOT NULL,
			UNIQUE (request_id, approver_lookup)
		) STRICT`,
		`INSERT INTO approval_decision_4 SELECT id, request_id, approver_lookup, decision, decided_at, digest, detail_sealed, mac FROM approval_decision`,
		'DROP TABLE approval_decision',
		'ALTER TABLE approval_decision_4 RENAME TO approval_decision',
		`CREATE TRIGGER approval_decision_never_changes BEFORE UPDATE ON approval_decision
			BEGIN SELECT RAISE(ABORT, 'a decision never changes'); END`,
	],
};
