import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IDataObject, ITriggerResponse, IWorkflowExecuteAdditionalData } from 'n8n-workflow';
import type { SandboxOptions } from '../../apps/sandbox/options';
import { startSandbox, type Sandbox } from '../../apps/sandbox/sandbox';
import { importCsv } from '../../core/audience';
import { adoptChannel } from '../../core/channel/adoptChannel';
import { parseChannelSettings } from '../../core/channel/parseSettings';
import { registerChannel } from '../../core/channel/registerChannel';
import type { Store } from '../../core/store/store';
import { channelFields, post, residentsCsv } from '../council/council';
import { changeAndSign } from '../council/signRules';
import { compiled, flowOf, isSigned, N8n, workflowOf, type Execution, type Flow } from './engine';

/** A council's n8n: the engine, a store behind its worker thread, a desk and waiting executions over HTTP, WhatsApp as the sandbox. */
export interface TownHall {
	n8n: N8n;
	store: Store;
	folder: string;
	sandbox: Sandbox;
	deskFlow: Flow;
	/** Base address of the server that stands for n8n. */
	url: string;
	/** Gives the nodes a credential with other values, all of it in force: the approvers sign what waits for them. */
	useChannel(fields?: Record<string, unknown>): Promise<void>;
	/** Closes the store as a restart of n8n would, and opens it again. */
	restart(): Promise<void>;
	stop(): Promise<void>;
}

export interface TownHallOptions {
	residents?: number;
	csv?: string;
	/** Fields of the channel credential. */
	channel?: Record<string, unknown>;
	sandbox?: SandboxOptions;
	/** Whether the desk's flow is active. */
	desk?: boolean;
}

const deskId = '7b1f6f0a-95a5-4a3e-9a53-0c8e5a8f7c11';

export async function startTownHall(options: TownHallOptions = {}): Promise<TownHall> {
	const folder = mkdtempSync(join(tmpdir(), 'civic-town-hall-'));
	const sandbox = await startSandbox({ seed: 1, knobs: quick, ...options.sandbox });
	const credentials = { civicWhatsAppApi: channelFields(sandbox, options.channel) as IDataObject, civicStoreApi: { engine: 'sqlite', folder } };
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const n8n = new N8n(credentials as never, () => url);
	const deskFlow = flowOf([{ name: 'Desk', type: 'civicDeskTrigger', credentials: ['civicStoreApi'], webhookId: deskId }]);
	server.on('request', (request, response) => void answer(n8n, deskFlow, request, response));
	const { openStoreAt } = compiled<{ openStoreAt: (folder: string) => Promise<Store> }>('nodes/shared/openStore.js');
	const hall = { n8n, folder, sandbox, deskFlow, url, store: await openStoreAt(folder) };
	const settings = parseChannelSettings(credentials.civicWhatsAppApi);
	await hall.store.execute(registerChannel, settings);
	await hall.store.execute(adoptChannel, { channelId: settings.id, operator: 'Test' });
	await importCsv(hall.store, { content: options.csv ?? residentsCsv(options.residents ?? 12), source: 'Sign-up form', now: Date.now() });
	let desk: ITriggerResponse | undefined;
	if (options.desk !== false) desk = await openDesk(hall);
	return Object.assign(hall, {
		useChannel: async (fields: Record<string, unknown> = {}) => {
			n8n.credentials.civicWhatsAppApi = channelFields(sandbox, { ...options.channel, ...fields }) as never;
			const source = { kind: 'credential' as const, id: 'civicWhatsAppApi', name: 'civicWhatsAppApi' };
			await changeAndSign(hall.store, { ...parseChannelSettings(n8n.credentials.civicWhatsAppApi), source });
		},
		restart: async () => {
			await hall.store.close();
			hall.store = await openStoreAt(folder);
		},
		stop: async () => {
			await desk?.closeFunction?.();
			await sandbox.stop();
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
			await hall.store.close();
			rmSync(folder, { recursive: true, force: true });
		},
	});
}

/** Statuses come at once, and nobody has switched read receipts off. */
const quick = { sentLatencyMs: [0, 2], deliveredLatencyMs: [0, 2], readLatencyMs: [0, 2], pairLimit: 'off' } as SandboxOptions['knobs'] & object;

async function openDesk({ n8n, deskFlow, sandbox, url }: Pick<TownHall, 'n8n' | 'deskFlow' | 'sandbox' | 'url'>): Promise<ITriggerResponse> {
	if (!(await n8n.callHook(deskFlow, 'Desk', 'checkExists'))) await n8n.callHook(deskFlow, 'Desk', 'create');
	await post(`${sandbox.admin}/templates`, { name: 'civic_sign_off_request', url: `${url}/webhook/${deskId}/desk/{{1}}` });
	await post(`${sandbox.admin}/webhook`, { url: `${url}/webhook/${deskId}/whatsapp` });
	return n8n.activate(deskFlow, 'Desk');
}

/** The two kinds of addresses n8n serves here, each as n8n does it. */
async function answer(n8n: N8n, deskFlow: Flow, request: IncomingMessage, response: ServerResponse): Promise<void> {
	const rawBody = await bodyOf(request);
	const url = new URL(request.url ?? '/', n8n.url());
	const [, place = '', id = '', end = '', token] = url.pathname.split('/');
	const http = asExpress(request, response, url, rawBody);
	if (place === 'webhook' && id === deskId) {
		http.httpRequest.params = end === 'desk' ? { token: decodeURIComponent(token ?? '') } : {};
		const workflow = workflowOf(deskFlow, true);
		const { noWebhookResponse } = await n8n.callWebhook(workflow, workflow.nodes.Desk ?? noDesk(), http as never);
		if (noWebhookResponse !== true) http.httpResponse.status(500).end('the desk did not answer by itself');
		return;
	}
	if (place === 'webhook-waiting') return answerWaiting(n8n, n8n.executions.get(id), url, http);
	http.httpResponse.status(404).end();
}

/** n8n's WaitingWebhooks: signature, state of the execution, then the node. */
async function answerWaiting(n8n: N8n, execution: Execution | undefined, url: URL, http: ExpressLike): Promise<void> {
	const { httpResponse } = http;
	if (!isSigned(url)) return void httpResponse.status(401).end();
	if (execution === undefined) return void httpResponse.status(404).end();
	if (execution.status === 'running') return void httpResponse.status(409).end();
	if (execution.status !== 'waiting') return void httpResponse.status(execution.status === 'error' ? 409 : 200).end('No action required');
	const called = await n8n.callWaiting(execution, http as never);
	if (called !== 'answered') httpResponse.status(200).json(called.answer);
}

function noDesk(): never {
	throw new Error('the flow has no desk');
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks);
}

export interface ExpressLike {
	httpRequest: IncomingMessage & { params: Record<string, string>; query: unknown; body: unknown; rawBody: Buffer };
	httpResponse: ServerResponse & { status(code: number): ExpressLike['httpResponse']; set(name: string | Record<string, string>, value?: string): ExpressLike['httpResponse']; json(body: unknown): void; send(body: string): void };
}

/** As much of express as n8n gives to a node. */
function asExpress(request: IncomingMessage, response: ServerResponse, url: URL, rawBody: Buffer): ExpressLike {
	const type = request.headers['content-type'] ?? '';
	const text = rawBody.toString('utf8');
	const body: unknown = type.includes('json') && text !== '' ? JSON.parse(text) : type.includes('urlencoded') ? Object.fromEntries(new URLSearchParams(text)) : {};
	const httpRequest = Object.assign(request, { params: {}, query: Object.fromEntries(url.searchParams), body, rawBody });
	const httpResponse = Object.assign(response, {
		status: (code: number) => {
			response.statusCode = code;
			return httpResponse;
		},
		set: (name: string | Record<string, string>, value?: string) => {
			for (const [header, content] of typeof name === 'string' ? [[name, value ?? '']] : Object.entries(name)) response.setHeader(header as string, content as string);
			return httpResponse;
		},
		json: (given: unknown) => void response.setHeader('content-type', 'application/json').end(JSON.stringify(given)),
		send: (given: string) => void response.end(given),
	}) as ExpressLike['httpResponse'];
	return { httpRequest, httpResponse };
}

export type HttpOfNode = Pick<IWorkflowExecuteAdditionalData, 'httpRequest' | 'httpResponse'>;
