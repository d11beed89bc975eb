import { appendOnly } from './0001_appendOnly';
import type { Migration } from './migration';

/**
 * The first schema. Written in the subset that both stores understand: TEXT, INTEGER (64-bit), BLOB.
 * `*_sealed` columns hold AES-256-GCM ciphertext, `*_lookup` columns keyed hashes, `*_mac` and `mac` columns seals
 * under a key that is not in the database. Times are milliseconds since the Unix epoch.
 */
export const initial: Migration = {
	version: 1,
	statements: [
		// --- the store itself ---------------------------------------------------------------------------------------
		`CREATE TABLE store_identity (
			id INTEGER PRIMARY KEY CHECK (id = 1),
			store_id TEXT NOT NULL,
			origin TEXT NOT NULL,
			key_check TEXT NOT NULL,
			created_at INTEGER NOT NULL
		)`,

		// --- ledger: an RFC 6962 tree with signed checkpoints -------------------------------------------------------
		`CREATE TABLE ledger_entry (
			idx INTEGER PRIMARY KEY,
			leaf BLOB NOT NULL CHECK (length(leaf) <= 65535),
			leaf_hash BLOB NOT NULL CHECK (length(leaf_hash) = 32)
		)`,
		`CREATE TABLE ledger_index (
			idx INTEGER PRIMARY KEY REFERENCES ledger_entry (idx),
			entry_id TEXT NOT NULL UNIQUE,
			ts INTEGER NOT NULL,
			act TEXT NOT NULL,
			actor_role TEXT NOT NULL,
			outcome TEXT NOT NULL,
			channel_id TEXT,
			resource_type TEXT,
			resource_id TEXT
		)`,
		'CREATE INDEX ledger_index_act ON ledger_index (act, idx)',
		'CREATE INDEX ledger_index_resource ON ledger_index (resource_type, resource_id)',
		`CREATE TABLE disclosure (
			idx INTEGER PRIMARY KEY REFERENCES ledger_entry (idx),
			subject TEXT NOT NULL,
			sealed BLOB NOT NULL
		)`,
		'CREATE INDEX disclosure_subject ON disclosure (subject)',
		`CREATE TABLE ledger_node (
			level INTEGER NOT NULL,
			n INTEGER NOT NULL,
			hash BLOB NOT NULL CHECK (length(hash) = 32),
			PRIMARY KEY (level, n)
		)`,
		`CREATE TABLE ledger_head (
			id INTEGER PRIMARY KEY CHECK (id = 1),
			size INTEGER NOT NULL,
			frontier BLOB NOT NULL,
			newest_at INTEGER NOT NULL
		)`,
		`CREATE TABLE ledger_checkpoint (
			size INTEGER PRIMARY KEY,
			note TEXT NOT NULL,
			signed_at INTEGER NOT NULL
		)`,
		`CREATE TABLE subject_key (
			subject TEXT PRIMARY KEY,
			wrapped BLOB NOT NULL
		)`,

		// --- channel and desk ---------------------------------------------------------------------------------------
		`CREATE TABLE channel (
			id TEXT PRIMARY KEY,
			name TEXT NOT NULL,
			mode TEXT NOT NULL CHECK (mode IN ('live', 'training')),
			business_account_id TEXT NOT NULL,
			rules_sealed BLOB NOT NULL,
			rules_fingerprint TEXT NOT NULL,
			secrets_sealed BLOB NOT NULL,
			secrets_fingerprint TEXT NOT NULL,
			registered_at INTEGER NOT NULL,
			updated_at INTEGER NOT NULL,
			adopted_at INTEGER,
			mac TEXT NOT NULL
		)`,
		`CREATE TABLE desk (
			id INTEGER PRIMARY KEY CHECK (id = 1),
			page_address TEXT NOT NULL,
			webhook_address TEXT NOT NULL,
			active INTEGER NOT NULL CHECK (active IN (0, 1)),
			seen_at INTEGER NOT NULL
		)`,

		// --- audience -----------------------------------------------------------------------------------------------
		`CREATE TABLE contact (
			id TEXT PRIMARY KEY,
			phone_lookup TEXT UNIQUE,
			bsuid_lookup TEXT UNIQUE,
			sealed BLOB NOT NULL,
			language TEXT NOT NULL,
			status TEXT NOT NULL CHECK (status IN ('active', 'unreachable')),
			created_at INTEGER NOT NULL,
			updated_at INTEGER NOT NULL,
			last_inbound_at INTEGER
		)`,
		`CREATE TABLE contact_topic (
			contact_id TEXT NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
			topic TEXT NOT NULL,
			PRIMARY KEY (topic, contact_id)
		)`,
		'CREATE INDEX contact_topic_contact ON contact_topic (contact_id)',
		`CREATE TABLE area (
			code TEXT PRIMARY KEY,
			name TEXT NOT NULL,
			kind TEXT NOT NULL
		)`,
		`CREATE TABLE contact_area (
			contact_id TEXT NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
			area TEXT NOT NULL REFERENCES area (code),
			PRIMARY KEY (area, contact_id)
		)`,
		'CREATE INDEX contact_area_contact ON contact_area (contact_id)',
		`CREATE TABLE consent_event (
			id TEXT PRIMARY KEY,
			contact_id TEXT,
			person_lookup TEXT NOT NULL,
			kind TEXT NOT NULL CHECK (kind IN ('opt-in', 'opt-out')),
			topic TEXT NOT NULL,
			source TEXT NOT NULL,
			occurred_at INTEGER NOT NULL,
			recorded_at INTEGER NOT NULL,
			mac TEXT NOT NULL
		)`,
		'CREATE INDEX consent_event_person ON consent_event (person_lookup, recorded_at)',
		`CREATE TABLE opt_out (
			person_lookup TEXT NOT NULL,
			topic TEXT NOT NULL,
			since INTEGER NOT NULL,
			source TEXT NOT NULL,
			mac TEXT NOT NULL,
			PRIMARY KEY (person_lookup, topic)
		)`,

		// --- draft and sign-off -------------------------------------------------------------------------------------
		`CREATE TABLE draft (
			id TEXT PRIMARY KEY,
			channel_id TEXT NOT NULL REFERENCES channel (id),
			digest TEXT NOT NULL,
			content TEXT NOT NULL,
			summary TEXT NOT NULL,
			people_sealed BLOB NOT NULL,
			created_at INTEGER NOT NULL,
			mac TEXT NOT NULL
		)`,
		`CREATE TABLE draft_recipient (
			draft_id TEXT NOT NULL,
			contact_id TEXT NOT NULL,
			PRIMARY KEY (draft_id, contact_id)
		)`,
		`CREATE TABLE approval_request (
			id TEXT PRIMARY KEY,
			draft_id TEXT NOT NULL REFERENCES draft (id),
			channel_id TEXT NOT NULL,
			digest TEXT NOT NULL,
			rules_fingerprint TEXT NOT NULL,
			signatures_needed INTEGER NOT NULL,
			state TEXT NOT NULL CHECK (state IN ('pending', 'approved', 'rejected', 'expired')),
			created_at INTEGER NOT NULL,
			expires_at INTEGER NOT NULL,
			decided_at INTEGER,
			execution_id TEXT,
			resume_sealed BLOB,
			resumed_at INTEGER,
			resume_attempts INTEGER NOT NULL DEFAULT 0,
			resume_after INTEGER,
			mac TEXT NOT NULL
		)`,
		'CREATE INDEX approval_request_state ON approval_request (state, resumed_at)',
		'CREATE INDEX approval_request_draft ON approval_request (draft_id)',
		`CREATE TABLE approval_link (
			token_hash TEXT PRIMARY KEY,
			request_id TEXT NOT NULL REFERENCES approval_request (id),
			approver_lookup TEXT NOT NULL,
			approver_sealed BLOB NOT NULL,
			created_at INTEGER NOT NULL,
			UNIQUE (request_id, approver_lookup)
		)`,
		`CREATE TABLE approval_decision (
			id TEXT PRIMARY KEY,
			request_id TEXT NOT NULL REFERENCES approval_request (id),
			approver_lookup TEXT NOT NULL,
			decision TEXT NOT NULL CHECK (decision IN ('approve', 'reject')),
			decided_at INTEGER NOT NULL,
			digest TEXT NOT NULL,
			detail_sealed BLOB NOT NULL,
			mac TEXT NOT NULL,
			UNIQUE (request_id, approver_lookup)
		)`,
		`CREATE TABLE approval_grant (
			id TEXT PRIMARY KEY,
			request_id TEXT NOT NULL UNIQUE REFERENCES approval_request (id),
			draft_id TEXT NOT NULL UNIQUE REFERENCES draft (id),
			digest TEXT NOT NULL,
			rules_fingerprint TEXT NOT NULL,
			granted_at INTEGER NOT NULL,
			mac TEXT NOT NULL
		)`,

		// --- dispatch -----------------------------------------------------------------------------------------------
		`CREATE TABLE broadcast (
			id TEXT PRIMARY KEY,
			draft_id TEXT NOT NULL UNIQUE REFERENCES draft (id),
			grant_id TEXT NOT NULL UNIQUE REFERENCES approval_grant (id),
			channel_id TEXT NOT NULL,
			state TEXT NOT NULL CHECK (state IN ('sending', 'held', 'finished')),
			recipients INTEGER NOT NULL,
			started_at INTEGER NOT NULL,
			finished_at INTEGER,
			held_reason TEXT
		)`,
		`CREATE TABLE send_run (
			id TEXT PRIMARY KEY,
			broadcast_id TEXT NOT NULL REFERENCES broadcast (id),
			started_at INTEGER NOT NULL,
			heartbeat_at INTEGER NOT NULL,
			ended_at INTEGER
		)`,
		'CREATE INDEX send_run_broadcast ON send_run (broadcast_id)',
		`CREATE TABLE delivery (
			id TEXT PRIMARY KEY,
			broadcast_id TEXT NOT NULL REFERENCES broadcast (id),
			contact_id TEXT NOT NULL,
			state TEXT NOT NULL CHECK (state IN ('pending', 'intent', 'accepted', 'not-sent', 'uncertain')),
			reason TEXT,
			run_id TEXT,
			attempts INTEGER NOT NULL DEFAULT 0,
			next_attempt_at INTEGER,
			intent_at INTEGER,
			settled_at INTEGER,
			message_lookup TEXT,
			message_sealed BLOB,
			sent_at INTEGER,
			delivered_at INTEGER,
			read_at INTEGER,
			failed_at INTEGER,
			failed_code INTEGER,
			UNIQUE (broadcast_id, contact_id)
		)`,
		'CREATE INDEX delivery_state ON delivery (broadcast_id, state)',
		'CREATE INDEX delivery_message ON delivery (message_lookup)',
		`CREATE TABLE staff_notice (
			id TEXT PRIMARY KEY,
			channel_id TEXT NOT NULL,
			purpose TEXT NOT NULL,
			about TEXT,
			person_lookup TEXT NOT NULL,
			state TEXT NOT NULL CHECK (state IN ('intent', 'accepted', 'not-sent', 'uncertain')),
			reason TEXT,
			created_at INTEGER NOT NULL,
			sent_at INTEGER,
			delivered_at INTEGER,
			read_at INTEGER,
			failed_at INTEGER,
			failed_code INTEGER
		)`,
		'CREATE INDEX staff_notice_about ON staff_notice (about)',

		// --- inbox --------------------------------------------------------------------------------------------------
		`CREATE TABLE inbox_event (
			seq INTEGER PRIMARY KEY,
			id TEXT NOT NULL UNIQUE,
			channel_id TEXT NOT NULL,
			kind TEXT NOT NULL,
			dedupe TEXT NOT NULL UNIQUE,
			contact_id TEXT,
			person_lookup TEXT,
			subject TEXT NOT NULL,
			sealed BLOB NOT NULL,
			occurred_at INTEGER NOT NULL,
			received_at INTEGER NOT NULL
		)`,
		'CREATE INDEX inbox_event_channel ON inbox_event (channel_id, seq)',
		`CREATE TABLE inbox_subscriber (
			id TEXT PRIMARY KEY,
			channel_id TEXT NOT NULL,
			kinds TEXT NOT NULL,
			read_up_to INTEGER NOT NULL,
			created_at INTEGER NOT NULL
		)`,
		`CREATE TABLE inbox_handover (
			subscriber_id TEXT NOT NULL REFERENCES inbox_subscriber (id),
			seq INTEGER NOT NULL,
			handed_at INTEGER NOT NULL,
			PRIMARY KEY (subscriber_id, seq)
		)`,
	],
	sqlite: appendOnly,
};
