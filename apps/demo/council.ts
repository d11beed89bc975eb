import { join } from 'node:path';
import { readAdoptionFacts } from '../../core/channel/adoptChannel';
import { SqliteEngine } from '../../core/store/sqlite/engine';
import type { Store } from '../../core/store/store';
import { systemClock, systemRandom } from '../../core/world';
import { say } from '../host/cache.mjs';
import { runCommand } from '../host/command.mjs';
import { ensureN8n } from '../host/n8nInstallation';
import { N8nRest, type CredentialReference, type SavedWorkflow } from '../host/n8nRest';
import { startN8n, type N8nServer } from '../host/n8nServer';
import type { Knobs } from '../sandbox/knobs';
import { startSandbox, type Sandbox } from '../sandbox/sandbox';
import { channelFields, dutyManager, dutyOfficer, headOfHighways, owner, residentsFile } from './aldersea';
import { installedPackageIn, storeFolderIn } from './folders';
import { putFlowsInPlace, webhookIdOf, type FlowName } from './flows';
import { submitForm } from './submitForm';
import { until } from './until';

export interface CouncilSettings {
	/** n8n's user folder, with the package installed in it. */
	userFolder: string;
	/** 0 or none lets the system choose. */
	ports?: { n8n?: number; api?: number; admin?: number; phones?: number };
	/** Over the demo's fields of the channel credential. */
	channel?: Record<string, unknown>;
	/** People to import, as CSV; the demo's by default. */
	residents?: string;
	knobs?: Partial<Knobs>;
	/** Added to n8n's environment. */
	env?: NodeJS.ProcessEnv;
	/** Stops the start-up where it is; what was started by then is stopped too. */
	signal: AbortSignal;
}

/** A running council: n8n with the package and the flows, and a stand-in for WhatsApp with residents' phones. */
export interface Council {
	readonly userFolder: string;
	readonly storeFolder: string;
	readonly sandbox: Sandbox;
	readonly n8n: N8nServer;
	readonly rest: N8nRest;
	/** The credential of the channel in n8n. */
	readonly channel: CredentialReference;
	readonly flows: Record<FlowName, SavedWorkflow>;
	/** Where the forms are. */
	readonly forms: { gritting: string; import: string };
	/** The desk's outside addresses begin here: `…/webhook/<id>`. */
	readonly deskBase: string;
	/** The store beside n8n's own use of it. To be closed by the caller. */
	openStore(): Promise<Store>;
	/** Starts n8n again at the same address after `n8n.stop()` or `n8n.kill()`. */
	restart(): Promise<void>;
	/** Stops everything that was started. Repeatable. */
	stop(): Promise<void>;
}

/** Starts the sandbox and n8n, and does what IT does once: credential, flows, adoption, webhook address, first import. */
export async function startCouncil(settings: CouncilSettings): Promise<Council> {
	const stopping: Array<() => Promise<void>> = [];
	const stop = async () => {
		for (const one of stopping.splice(0).reverse()) await one();
	};
	try {
		const sandbox = await openSandbox(settings);
		stopping.push(() => sandbox.stop());
		say('Starting n8n …');
		const host = await openN8n(settings, settings.ports?.n8n);
		stopping.push(() => host.n8n.stop());
		const { rest } = host;
		const channel = await rest.saveCredential('Civic WhatsApp', 'civicWhatsAppApi', { ...channelFields(sandbox), ...settings.channel });
		const flows = await putFlowsInPlace(rest, sandbox, channel);
		const deskBase = `${host.n8n.url}/webhook/${webhookIdOf(flows.desk, 'Civic Desk')}`;
		await openForBusiness(settings, { rest, sandbox, flows, deskBase });
		const forms = {
			gritting: `${host.n8n.url}/form/${webhookIdOf(flows.gritting, "Duty Officer's Form")}`,
			import: `${host.n8n.url}/form/${webhookIdOf(flows['import-residents'], 'Upload')}`,
		};
		say('Importing residents …');
		await importResidents(rest, flows['import-residents'].id, forms.import, settings);
		const { userFolder } = settings;
		const storeFolder = storeFolderIn(userFolder);
		return {
			userFolder,
			storeFolder,
			sandbox,
			channel,
			flows,
			forms,
			deskBase,
			stop,
			get n8n() {
				return host.n8n;
			},
			get rest() {
				return host.rest;
			},
			openStore: () => SqliteEngine.open({ folder: storeFolder, clock: systemClock, random: systemRandom }),
			async restart() {
				Object.assign(host, await openN8n(settings, host.n8n.port));
			},
		};
	} catch (cause) {
		await stop();
		throw cause;
	}
}

function openSandbox({ ports = {}, knobs }: CouncilSettings): Promise<Sandbox> {
	return startSandbox({
		port: ports.api ?? 0,
		adminPort: ports.admin ?? 0,
		phonesPort: ports.phones ?? 0,
		residents: [
			{ number: dutyManager.phone, name: `${dutyManager.name} (duty manager)` },
			{ number: dutyOfficer.phone, name: `${dutyOfficer.name} (duty officer)` },
			{ number: headOfHighways.phone, name: `${headOfHighways.name} (head of highways)` },
		],
		// An approver gets several notices within a minute, which the strict reading of Meta's pair limit would hold back.
		knobs: { pairLimit: 'gcra', ...knobs },
	});
}

async function openN8n({ userFolder, env = {}, signal }: CouncilSettings, port: number | undefined): Promise<{ n8n: N8nServer; rest: N8nRest }> {
	const n8n = await startN8n({ userFolder, env, signal, ...(port ? { port } : {}) });
	try {
		return { n8n, rest: await N8nRest.signIn(n8n.url, owner) };
	} catch (cause) {
		await n8n.stop();
		throw cause;
	}
}

async function openForBusiness(
	{ userFolder, signal }: CouncilSettings,
	{ rest, sandbox, flows, deskBase }: { rest: N8nRest; sandbox: Sandbox; flows: Record<FlowName, SavedWorkflow>; deskBase: string },
): Promise<void> {
	signal.throwIfAborted();
	await rest.activate(flows.desk.id);
	// Its trigger makes the store know the channel, which a person on the host can then adopt for live sending.
	await rest.activate(flows.replies.id);
	await untilRegistered(userFolder, sandbox.phoneNumberId, signal);
	await adopt(userFolder, sandbox.phoneNumberId);
	await connectSandbox(sandbox, deskBase, signal);
	await rest.activate(flows['import-residents'].id);
	await rest.activate(flows.gritting.id);
}

/** n8n starts the triggers of a flow shortly after it was activated. */
async function untilRegistered(userFolder: string, channelId: string, signal: AbortSignal): Promise<void> {
	const store = await SqliteEngine.open({ folder: storeFolderIn(userFolder), clock: systemClock, random: systemRandom });
	try {
		await until('the flow "Replies" started its trigger (see n8n.log in the user folder)', signal, async () =>
			(await store.execute(readAdoptionFacts, undefined)).channels.some(({ id }) => id === channelId),
		);
	} finally {
		await store.close();
	}
}

/** The command that a person on the host runs once, from the installed package. */
export async function adopt(userFolder: string, channelId: string): Promise<void> {
	const { node } = await ensureN8n();
	await runCommand(node.binary, [join(installedPackageIn(userFolder), 'dist', 'apps', 'adopt', 'main.js'), '--channel', channelId, '--by', 'Demo'], {
		cwd: userFolder,
		env: { ...process.env, N8N_USER_FOLDER: userFolder },
	});
}

/** Tells the stand-in for Meta where the desk is: callback URL, and the address behind the sign-off template's button. */
async function connectSandbox(sandbox: Sandbox, deskBase: string, signal: AbortSignal): Promise<void> {
	await postJson(`${sandbox.admin}/templates`, { name: 'civic_sign_off_request', url: `${deskBase}/desk/{{1}}` });
	let refusal = '';
	const connected = async () => {
		try {
			await postJson(`${sandbox.admin}/webhook`, { url: `${deskBase}/whatsapp` });
			return true;
		} catch (cause) {
			// n8n takes a moment until a new address answers; the last answer is told when it never does.
			refusal = cause instanceof Error ? cause.message : String(cause);
			return false;
		}
	};
	await until('the desk answered', signal, connected, 60_000).catch((cause: unknown) => {
		throw new Error(`The desk did not pass Meta's handshake. ${refusal}`, { cause });
	});
}

async function importResidents(rest: N8nRest, workflowId: string, form: string, { residents, signal }: CouncilSettings): Promise<void> {
	const before = new Set((await rest.executions({ workflowId })).map(({ id }) => id));
	const file = new File([residents ?? residentsFile()], 'residents.csv', { type: 'text/csv' });
	await submitForm(form, { 'field-0': file, 'field-1': 'Sign-up form' }, signal);
	const started = await until('n8n started the import of residents', signal, async () => (await rest.executions({ workflowId })).find(({ id }) => !before.has(id)));
	const { status } = await rest.settled(started.id);
	if (status === 'error' || status === 'crashed') throw new Error('The import of residents did not go through; look at the flow "Import residents" in n8n.');
}

async function postJson(url: string, body: unknown): Promise<void> {
	const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
	if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
}
