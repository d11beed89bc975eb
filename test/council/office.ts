import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requestSignOff, type RequestedSignOff, type SignOffRequest } from '../../core/approval/requestSignOff';
import { submitDecision, type Decided, type Decision } from '../../core/approval/decide';
import { importCsv } from '../../core/audience';
import { adoptChannel } from '../../core/channel/adoptChannel';
import { openDesk, seeDesk } from '../../core/channel/deskAddress';
import { parseChannelSettings } from '../../core/channel/parseSettings';
import { registerChannel } from '../../core/channel/registerChannel';
import type { ChannelSettings } from '../../core/channel/settings';
import { createDraft, type CreatedDraft, type NewDraft } from '../../core/message/createDraft';
import { SqliteEngine } from '../../core/store/sqlite/engine';
import { systemRandom } from '../../core/world';
import { HandClock } from './clock';
import { changeAndSign } from './signRules';
import { channelFields, residentsCsv } from './council';

/** The council's store and rules without anything outside it: for what the store alone decides. */
export interface Office {
	folder: string;
	clock: HandClock;
	store: SqliteEngine;
	settings: ChannelSettings;
	pageAddress: string;
	/** The credential with other values, registered as a node would, and signed where approvers have to. */
	change(fields: Record<string, unknown>): Promise<ChannelSettings>;
	draft(changes?: Partial<NewDraft>): Promise<CreatedDraft>;
	ask(draftId: string, changes?: Partial<SignOffRequest>): Promise<RequestedSignOff>;
	decide(token: string, draft: CreatedDraft, changes?: Partial<Decision>): Promise<Decided>;
	/** Shows that the desk is on, after time has passed. */
	on(): Promise<void>;
	/** Every file of the store as text. */
	bytes(): string;
	stop(): Promise<void>;
}

/** Where the fields of the office's credential lead: nowhere. */
const nowhere = {
	api: 'http://127.0.0.1:9',
	token: 'office-access-token',
	appSecret: 'office-app-secret',
	verifyToken: 'office-verify-token',
	phoneNumberId: '106540352242922',
	businessAccountId: '102290129340398',
};

export function officeFields(changes: Record<string, unknown> = {}): Record<string, unknown> {
	return channelFields(nowhere, changes);
}

export async function startOffice(options: { channel?: Record<string, unknown>; residents?: number; adopt?: boolean; desk?: boolean } = {}): Promise<Office> {
	const clock = new HandClock();
	const folder = mkdtempSync(join(tmpdir(), 'civic-office-'));
	const store = await SqliteEngine.open({ folder, clock, random: systemRandom });
	const settings = parseChannelSettings(officeFields(options.channel));
	const pageAddress = 'https://n8n.aldersea.example/webhook/desk/';
	await store.execute(registerChannel, settings);
	if (options.adopt !== false) await store.execute(adoptChannel, { channelId: settings.id, operator: 'Test' });
	if (options.desk !== false) await store.execute(openDesk, { pageAddress, webhookAddress: 'https://n8n.aldersea.example/webhook/whatsapp' });
	await importCsv(store, { content: residentsCsv(options.residents ?? 6), source: 'Sign-up form', now: clock.now() });
	return {
		folder,
		clock,
		store,
		settings,
		pageAddress,
		change: async (fields) => {
			const changed = parseChannelSettings(officeFields({ ...options.channel, ...fields }));
			await changeAndSign(store, changed);
			return changed;
		},
		draft: (changes) => store.execute(createDraft, { ...newDraft(settings.id), ...changes }),
		ask: (draftId, changes) =>
			store.execute(requestSignOff, {
				draftId,
				channelId: settings.id,
				ask: [],
				decideWithinHours: null,
				executionId: '1',
				resumeUrl: 'http://127.0.0.1:9/webhook-waiting/1/gate?signature=0',
				...changes,
			}),
		decide: (token, draft, changes) =>
			submitDecision(store, { token, decision: 'approve', reason: '', acknowledgedPeople: draft.content.audience.count, digest: draft.digest, ...changes }),
		on: () => store.execute(seeDesk, undefined),
		bytes: () =>
			readdirSync(folder)
				.filter((name) => name.includes('.sqlite'))
				.map((name) => readFileSync(join(folder, name), 'latin1'))
				.join(''),
		stop: async () => {
			await store.close();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

export function newDraft(channelId: string): NewDraft {
	return {
		channelId,
		service: 'Highways',
		title: 'Gritting tonight',
		category: 'UTILITY',
		variant: {
			contentLanguage: 'en',
			template: 'gritting_notice',
			templateLanguage: 'en_GB',
			templateContent: {
				name: 'gritting_notice',
				language: 'en_GB',
				category: 'UTILITY',
				parameter_format: 'NAMED',
				components: [{ type: 'BODY', text: 'We grit {{routes}} tonight.' }],
			},
			parameters: { body_routes: 'Route 1' },
		},
		rendered: { header: null, body: 'We grit Route 1 tonight.', footer: null, buttons: [] },
		audience: { topic: 'Winter roads', areas: ['Route 1'] },
		notBefore: null,
		notAfter: null,
		feed: null,
		requester: { name: 'Sam Okafor', email: 'sam.okafor@aldersea.example', phone: null },
		contributors: [],
		warnings: [],
	};
}
