import type { ColumnType, Generated, Selectable } from 'kysely';

/** Milliseconds since the Unix epoch, UTC. */
type Time = number;
type Blob = Buffer;
type WithDefault<T> = ColumnType<T, T | undefined, T>;

export type DeliveryState = 'pending' | 'intent' | 'accepted' | 'not-sent' | 'uncertain';
export type RequestState = 'pending' | 'approved' | 'rejected' | 'returned' | 'withdrawn' | 'superseded' | 'expired';
export type DecisionKind = 'approve' | 'reject' | 'return';
export type BroadcastState = 'sending' | 'held' | 'finished';
export type RuleChangeState = 'pending' | 'applied' | 'refused' | 'expired' | 'superseded';
export type ChannelMode = 'live' | 'training';

interface StatusTimes {
	sent_at: Time | null;
	delivered_at: Time | null;
	read_at: Time | null;
	failed_at: Time | null;
	failed_code: number | null;
	/** Meta's `pricing` object as JSON. */
	pricing?: string | null;
}

/** A row as it is read. */
export type Row<Table extends keyof Schema> = Selectable<Schema[Table]>;

/** The tables as `migrations/` makes them. */
export interface Schema {
	store_identity: { id: number; store_id: string; origin: string; key_check: string; created_at: Time };
	ledger_entry: { idx: number; leaf: Blob; leaf_hash: Blob };
	ledger_index: {
		idx: number;
		entry_id: string;
		ts: Time;
		act: string;
		actor_role: string;
		outcome: string;
		channel_id: string | null;
		resource_type: string | null;
		resource_id: string | null;
	};
	disclosure: { idx: number; subject: string; sealed: Blob };
	ledger_node: { level: number; n: number; hash: Blob };
	ledger_head: { id: number; size: number; frontier: Blob; newest_at: Time };
	ledger_checkpoint: { size: number; note: string; signed_at: Time };
	subject_key: { subject: string; wrapped: Blob };
	channel: {
		id: string;
		name: string;
		mode: ChannelMode;
		business_account_id: string;
		rules_sealed: Blob;
		rules_fingerprint: string;
		secrets_sealed: Blob;
		secrets_fingerprint: string;
		registered_at: Time;
		updated_at: Time;
		adopted_at: Time | null;
		/** The credential or file that was opened last and changed something, as JSON. Said to people; nothing is decided by it. */
		source: WithDefault<string | null>;
		mac: string;
	};
	rule_change: {
		id: string;
		channel_id: string;
		/** Keyed hash of the rules and the mode that are proposed. */
		proposal_fingerprint: string;
		proposal_sealed: Blob;
		/** Fingerprint of the rules, and the mode, that were in force when it was proposed. */
		rules_before: string;
		mode_before: ChannelMode;
		state: RuleChangeState;
		proposed_at: Time;
		ended_at: Time | null;
		/** When somebody last tried to bring it to the approvers. */
		asked_at: Time | null;
		mac: string;
	};
	desk: { id: number; page_address: string; webhook_address: string; active: number; seen_at: Time };
	contact: {
		id: string;
		phone_lookup: string | null;
		bsuid_lookup: string | null;
		sealed: Blob;
		language: string;
		status: 'active' | 'unreachable';
		created_at: Time;
		updated_at: Time;
		last_inbound_at: Time | null;
		/** The contact that this one turned out to be. */
		merged_into: WithDefault<string | null>;
	};
	/** A number and a BSUID that were seen together, by their hashes. */
	person_link: { phone_lookup: string; bsuid_lookup: string; seen_at: Time };
	contact_topic: { contact_id: string; topic: string };
	area: { code: string; name: string; kind: string };
	contact_area: { contact_id: string; area: string };
	consent_event: {
		id: string;
		contact_id: string | null;
		person_lookup: string;
		kind: 'opt-in' | 'opt-out';
		topic: string;
		source: string;
		occurred_at: Time;
		recorded_at: Time;
		mac: string;
	};
	opt_out: { person_lookup: string; topic: string; since: Time; source: string; mac: string };
	draft: {
		id: string;
		channel_id: string;
		digest: string;
		content: string;
		summary: string;
		people_sealed: Blob;
		created_at: Time;
		mac: string;
		/** Keyed hash of what the draft is for; null for drafts from before it was kept. */
		purpose_lookup: WithDefault<string | null>;
	};
	draft_recipient: { draft_id: string; contact_id: string };
	approval_request: {
		id: string;
		/** What is to be signed: one of the two. */
		draft_id: string | null;
		rule_change_id: WithDefault<string | null>;
		channel_id: string;
		digest: string;
		rules_fingerprint: string;
		signatures_needed: number;
		state: RequestState;
		created_at: Time;
		expires_at: Time;
		decided_at: Time | null;
		/** Who has to sign, step by step; null for requests from before there were steps. */
		plan_sealed: WithDefault<Blob | null>;
		/** Who ended it without a decision, and why. */
		closed_sealed: WithDefault<Blob | null>;
		/** The last step whose people were asked. */
		asked_stage: WithDefault<number>;
		/** When somebody is to be told next; null when nobody is. */
		notice_at: WithDefault<Time | null>;
		reminded_at: WithDefault<Time | null>;
		escalated_at: WithDefault<Time | null>;
		execution_id: string | null;
		resume_sealed: Blob | null;
		resumed_at: Time | null;
		resume_attempts: WithDefault<number>;
		resume_after: Time | null;
		mac: string;
	};
	approval_link: {
		token_hash: string;
		request_id: string;
		approver_lookup: string;
		approver_sealed: Blob;
		created_at: Time;
		/** A `private` link came to its holder from us alone; a `locator` passed through other hands. */
		kind: WithDefault<'private' | 'locator'>;
	};
	approval_code: {
		id: string;
		request_id: string;
		token_hash: string;
		approver_lookup: string;
		code_lookup: string;
		created_at: Time;
		expires_at: Time;
		wrong_tries: number;
		used_at: Time | null;
		/** WhatsApp did not take it, so nobody can have it. */
		not_sent_at: Time | null;
		mac: string;
	};
	approval_decision: {
		id: string;
		request_id: string;
		approver_lookup: string;
		decision: DecisionKind;
		decided_at: Time;
		digest: string;
		detail_sealed: Blob;
		mac: string;
	};
	approval_grant: {
		id: string;
		request_id: string;
		draft_id: string;
		digest: string;
		rules_fingerprint: string;
		granted_at: Time;
		mac: string;
	};
	broadcast: {
		id: string;
		draft_id: string;
		grant_id: string;
		channel_id: string;
		state: BroadcastState;
		recipients: number;
		started_at: Time;
		finished_at: Time | null;
		held_reason: string | null;
	};
	send_run: { id: string; broadcast_id: string; started_at: Time; heartbeat_at: Time; ended_at: Time | null };
	delivery: StatusTimes & {
		id: string;
		broadcast_id: string;
		contact_id: string;
		state: DeliveryState;
		reason: string | null;
		run_id: string | null;
		attempts: WithDefault<number>;
		next_attempt_at: Time | null;
		intent_at: Time | null;
		settled_at: Time | null;
		message_lookup: string | null;
		message_sealed: Blob | null;
	};
	staff_notice: StatusTimes & {
		id: string;
		channel_id: string;
		purpose: string;
		about: string | null;
		person_lookup: string;
		state: 'intent' | 'accepted' | 'not-sent' | 'uncertain';
		reason: string | null;
		created_at: Time;
	};
	direct_message: StatusTimes & {
		id: string;
		channel_id: string;
		conversation_id: string | null;
		contact_id: string | null;
		person_lookup: string;
		content_lookup: string;
		kind: string;
		/** 1 when it counts towards the limits on direct messages. */
		counted: number;
		subject: string;
		address_sealed: Blob;
		state: 'intent' | 'accepted' | 'not-sent' | 'uncertain';
		reason: string | null;
		message_lookup: string | null;
		message_sealed: Blob | null;
		created_at: Time;
		settled_at: Time | null;
	};
	conversation: {
		id: string;
		channel_id: string;
		phone_lookup: string | null;
		bsuid_lookup: string | null;
		subject: string;
		sealed: Blob;
		last_inbound_at: Time;
		last_event_id: string;
		created_at: Time;
		merged_into: string | null;
	};
	media_upload: {
		channel_id: string;
		content_lookup: string;
		media_id: string;
		mime_type: string;
		bytes: number;
		uploaded_at: Time;
		expires_at: Time;
	};
	inbox_event: {
		seq: Generated<number>;
		id: string;
		channel_id: string;
		kind: string;
		dedupe: string;
		contact_id: string | null;
		person_lookup: string | null;
		subject: string;
		sealed: Blob;
		occurred_at: Time;
		received_at: Time;
	};
	inbox_subscriber: { id: string; channel_id: string; kinds: string; read_up_to: number; created_at: Time };
	inbox_handover: { subscriber_id: string; seq: number; handed_at: Time };
}
