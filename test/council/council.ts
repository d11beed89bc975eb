import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox, type Sandbox } from '../../apps/sandbox/sandbox';
import type { SandboxOptions } from '../../apps/sandbox/options';
import { importCsv } from '../../core/audience';
import { adoptChannel } from '../../core/channel/adoptChannel';
import { openDesk } from '../../core/channel/deskAddress';
import { parseChannelSettings } from '../../core/channel/parseSettings';
import { registerChannel } from '../../core/channel/registerChannel';
import type { ChannelSettings } from '../../core/channel/settings';
import { Desk } from '../../core/desk/desk';
import type { Wake } from '../../core/approval/resume';
import { SqliteEngine } from '../../core/store/sqlite/engine';
import type { Store } from '../../core/store/store';
import { systemRandom } from '../../core/world';
import { createCloudApi, type CloudApi } from '../../core/whatsapp/cloudApi';
import { HandClock } from './clock';
import { serveDesk } from './deskServer';

/** A whole council in one process: a store, a channel at the sandbox, a desk behind real HTTP, residents. */
export interface Council {
	folder: string;
	clock: HandClock;
	store: Store;
	sandbox: Sandbox;
	api: CloudApi;
	settings: ChannelSettings;
	desk: Desk;
	deskUrl: string;
	/** Resume addresses that the desk called, and what it is answered. */
	woken: string[];
	wakeAnswer: 'taken' | 'later';
	stop(): Promise<void>;
}

/** The fields of the channel credential, as n8n hands them over. */
export function channelFields(sandbox: Pick<Sandbox, 'api' | 'token' | 'appSecret' | 'verifyToken' | 'phoneNumberId' | 'businessAccountId'>, changes: Record<string, unknown> = {}): Record<string, unknown> {
	return {
		channelName: 'Aldersea alerts',
		mode: 'live',
		accessToken: sandbox.token,
		appSecret: sandbox.appSecret,
		previousAppSecret: '',
		verifyToken: sandbox.verifyToken,
		phoneNumberId: sandbox.phoneNumberId,
		businessAccountId: sandbox.businessAccountId,
		graphUrl: sandbox.api,
		graphVersion: 'v26.0',
		messagesPerSecond: 80,
		services: { service: [{ name: 'Highways' }] },
		approvers: {
			approver: [
				{ name: 'Morgan Ellis', email: 'morgan.ellis@aldersea.example', phone: '+44 7700 900901' },
				{ name: 'Priya Raman', email: 'priya.raman@aldersea.example', phone: '07700 900902' },
			],
		},
		signaturesNeeded: 1,
		decideWithinHours: 12,
		reach: 5000,
		quietFrom: '',
		quietTo: '',
		zone: 'Europe/London',
		signOffTemplate: 'civic_sign_off_request',
		templateLanguage: 'en_GB',
		...changes,
	};
}

/** Residents on three gritting routes. Numbers end so that the sandbox fails none of them. */
export function residentsCsv(count: number): string {
	const lines = ['name,phone,topics,area,consent source,consent date'];
	const endings = Array.from({ length: 900 }, (_, i) => String(i).padStart(3, '0')).filter((ending) => !['015', '026', '042', '047', '049', '050'].includes(ending));
	for (let i = 0; i < count; i++) {
		lines.push(`Resident ${i + 1},+447700900${endings[i] ?? '000'},Winter roads,Route ${(i % 3) + 1},Web form,2026-01-05`);
	}
	return `${lines.join('\n')}\n`;
}

export interface CouncilOptions {
	residents?: number;
	channel?: Record<string, unknown>;
	sandbox?: SandboxOptions;
	adopt?: boolean;
}

export async function startCouncil(options: CouncilOptions = {}): Promise<Council> {
	const clock = new HandClock();
	const folder = mkdtempSync(join(tmpdir(), 'civic-council-'));
	const store = await SqliteEngine.open({ folder, clock, random: systemRandom });
	const sandbox = await startSandbox({ seed: 1, ...options.sandbox });
	const settings = parseChannelSettings(channelFields(sandbox, options.channel));
	await store.execute(registerChannel, settings);
	if (options.adopt !== false) await store.execute(adoptChannel, { channelId: settings.id, operator: 'Test' });
	const council = { woken: [] as string[], wakeAnswer: 'taken' as Council['wakeAnswer'] };
	const wake: Wake = async (url) => {
		council.woken.push(url);
		return Promise.resolve(council.wakeAnswer);
	};
	const desk = new Desk(store, clock, wake);
	const server = await serveDesk(desk);
	const deskUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	await store.execute(openDesk, { pageAddress: `${deskUrl}/desk/`, webhookAddress: `${deskUrl}/whatsapp` });
	await post(`${sandbox.admin}/templates`, { name: 'civic_sign_off_request', url: `${deskUrl}/desk/{{1}}` });
	await post(`${sandbox.admin}/webhook`, { url: `${deskUrl}/whatsapp` });
	await importCsv(store, { content: residentsCsv(options.residents ?? 12), source: 'Sign-up form', now: clock.now() });
	return Object.assign(council, {
		folder,
		clock,
		store,
		sandbox,
		api: createCloudApi({
			graphUrl: settings.graphUrl,
			graphVersion: settings.graphVersion,
			accessToken: settings.accessToken,
			appSecret: settings.appSecrets[0],
			phoneNumberId: settings.id,
			businessAccountId: settings.businessAccountId,
		}),
		settings,
		desk,
		deskUrl,
		stop: async () => {
			await sandbox.stop();
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
			await store.close();
			rmSync(folder, { recursive: true, force: true });
		},
	});
}

export async function post(url: string, body: unknown): Promise<unknown> {
	const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
	if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
	return answer.json();
}
