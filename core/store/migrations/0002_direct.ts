import type { Migration } from './migration';

/** Messages to one person, the conversations they belong to, one person under two names, and media that Meta holds for us. */
export const direct: Migration = {
	version: 2,
	statements: [
		// --- one person, known by number and by BSUID ---------------------------------------------------------------
		`CREATE TABLE person_link (
			phone_lookup TEXT NOT NULL,
			bsuid_lookup TEXT NOT NULL,
			seen_at INTEGER NOT NULL,
			PRIMARY KEY (phone_lookup, bsuid_lookup)
		)`,
		'CREATE INDEX person_link_bsuid ON person_link (bsuid_lookup)',
		// Who was known by both already.
		'INSERT INTO person_link (phone_lookup, bsuid_lookup, seen_at) SELECT phone_lookup, bsuid_lookup, updated_at FROM contact WHERE phone_lookup IS NOT NULL AND bsuid_lookup IS NOT NULL',
		'ALTER TABLE contact ADD COLUMN merged_into TEXT REFERENCES contact (id)',
		'CREATE INDEX contact_merged ON contact (merged_into) WHERE merged_into IS NOT NULL',
		'CREATE INDEX inbox_event_contact ON inbox_event (contact_id)',

		// --- conversations ------------------------------------------------------------------------------------------
		`CREATE TABLE conversation (
			id TEXT PRIMARY KEY,
			channel_id TEXT NOT NULL,
			phone_lookup TEXT,
			bsuid_lookup TEXT,
			subject TEXT NOT NULL,
			sealed BLOB NOT NULL,
			last_inbound_at INTEGER NOT NULL,
			last_event_id TEXT NOT NULL,
			created_at INTEGER NOT NULL,
			merged_into TEXT REFERENCES conversation (id),
			UNIQUE (channel_id, phone_lookup),
			UNIQUE (channel_id, bsuid_lookup),
			CHECK (merged_into IS NOT NULL OR phone_lookup IS NOT NULL OR bsuid_lookup IS NOT NULL)
		)`,
		'CREATE INDEX conversation_recent ON conversation (channel_id, last_inbound_at)',

		// --- messages to one person ---------------------------------------------------------------------------------
		`CREATE TABLE direct_message (
			id TEXT PRIMARY KEY,
			channel_id TEXT NOT NULL,
			conversation_id TEXT,
			contact_id TEXT,
			person_lookup TEXT NOT NULL,
			content_lookup TEXT NOT NULL,
			kind TEXT NOT NULL,
			counted INTEGER NOT NULL CHECK (counted IN (0, 1)),
			subject TEXT NOT NULL,
			address_sealed BLOB NOT NULL,
			state TEXT NOT NULL CHECK (state IN ('intent', 'accepted', 'not-sent', 'uncertain')),
			reason TEXT,
			message_lookup TEXT,
			message_sealed BLOB,
			created_at INTEGER NOT NULL,
			settled_at INTEGER,
			sent_at INTEGER,
			delivered_at INTEGER,
			read_at INTEGER,
			failed_at INTEGER,
			failed_code INTEGER
		)`,
		'CREATE INDEX direct_message_recent ON direct_message (channel_id, created_at)',
		'CREATE INDEX direct_message_content ON direct_message (channel_id, content_lookup, created_at)',
		'CREATE INDEX direct_message_message ON direct_message (message_lookup)',
		"CREATE INDEX direct_message_open ON direct_message (channel_id, created_at) WHERE state = 'intent'",

		// --- media --------------------------------------------------------------------------------------------------
		`CREATE TABLE media_upload (
			channel_id TEXT NOT NULL,
			content_lookup TEXT NOT NULL,
			media_id TEXT NOT NULL,
			mime_type TEXT NOT NULL,
			bytes INTEGER NOT NULL,
			uploaded_at INTEGER NOT NULL,
			expires_at INTEGER NOT NULL,
			PRIMARY KEY (channel_id, content_lookup)
		)`,
		'CREATE INDEX media_upload_media ON media_upload (channel_id, media_id)',
	],
	sqlite: [
		`CREATE TRIGGER person_link_is_append_only BEFORE UPDATE ON person_link
			BEGIN SELECT RAISE(ABORT, 'a link between two names of a person never changes'); END`,
		`CREATE TRIGGER direct_message_is_never_deleted BEFORE DELETE ON direct_message
			BEGIN SELECT RAISE(ABORT, 'what was sent to a person is never deleted, because limits are counted from it'); END`,
		`CREATE TRIGGER direct_message_stays_what_it_was BEFORE UPDATE OF id, channel_id, person_lookup, content_lookup, kind, counted, created_at ON direct_message
			BEGIN SELECT RAISE(ABORT, 'whom a message was for and what it said never changes'); END`,
		`CREATE TRIGGER contact_is_merged_once BEFORE UPDATE OF merged_into ON contact WHEN OLD.merged_into IS NOT NULL
			BEGIN SELECT RAISE(ABORT, 'a contact is merged once'); END`,
	],
};
