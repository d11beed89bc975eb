import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readAdoptionFacts } from '../../core/channel/adoptChannel';
import { SqliteEngine } from '../../core/store/sqlite/engine';
import { systemClock, systemRandom } from '../../core/world';
import { say } from '../host/cache.mjs';
import { runCommand } from '../host/command.mjs';
import { ensureN8n } from '../host/n8nInstallation';
import { N8nRest, withCredentials, type SavedWorkflow, type WorkflowDefinition } from '../host/n8nRest';
import { startN8n, type N8nServer } from '../host/n8nServer';
import { startSandbox, type Sandbox } from '../sandbox/sandbox';
import { channelFields, dutyManager, dutyOfficer, owner, residentsFile } from './aldersea';
import { installedPackage, storeFolder, userFolder, workflowsFolder } from './folders';
import { preferPort } from './freePort';
import { preparePackage } from './preparePackage';
import { submitForm } from './submitForm';

/** A running council: n8n with the package and the flows, and a stand-in for WhatsApp with residents' phones. */
export interface Demo {
	sandbox: Sandbox;
	n8n: N8nServer;
	rest: N8nRest;
	flows: Record<FlowName, SavedWorkflow>;
	/** Where the forms are. */
	forms: { gritting: string; import: string };
	/** Stops everything that was started. Repeatable. */
	stop(): Promise<void>;
}

const flowNames = ['desk', 'replies', 'import-residents', 'gritting'] as const;
type FlowName = (typeof flowNames)[number];

/**
 * @param signal stops the start-up where it is; what was started by then is stopped too
 */
export async function startDemo(signal: AbortSignal): Promise<Demo> {
	await ensureN8n();
	signal.throwIfAborted();
	await preparePackage();
	signal.throwIfAborted();
	const stopping: Array<() => Promise<void>> = [];
	const stop = async () => {
		for (const one of stopping.splice(0).reverse()) await one();
	};
	try {
		const sandbox = await startSandbox({
			port: await preferPort(5690),
			adminPort: await preferPort(5691),
			phonesPort: await preferPort(5692),
			residents: [
				{ number: dutyManager.phone, name: `${dutyManager.name} (duty manager)` },
				{ number: dutyOfficer.phone, name: `${dutyOfficer.name} (duty officer)` },
			],
		});
		stopping.push(() => sandbox.stop());
		say('Starting n8n …');
		const n8n = await startN8n({ userFolder, port: (await preferPort(5678)) || undefined, signal });
		stopping.push(() => n8n.stop());
		const rest = await N8nRest.signIn(n8n.url, owner);
		const flows = await putFlowsInPlace(rest, sandbox);
		signal.throwIfAborted();
		await rest.activate(flows.desk.id);
		// Its trigger makes the store know the channel, which a person on the host can then adopt for live sending.
		await rest.activate(flows.replies.id);
		await untilRegistered(sandbox.phoneNumberId, signal);
		await adopt(sandbox.phoneNumberId);
		await connectSandbox(sandbox, `${n8n.url}/webhook/${webhookIdOf(flows.desk, 'Civic Desk')}`, signal);
		await rest.activate(flows['import-residents'].id);
		await rest.activate(flows.gritting.id);
		const forms = {
			gritting: `${n8n.url}/form/${webhookIdOf(flows.gritting, "Duty Officer's Form")}`,
			import: `${n8n.url}/form/${webhookIdOf(flows['import-residents'], 'Upload')}`,
		};
		say('Importing residents …');
		await importResidents(rest, flows['import-residents'].id, forms.import, signal);
		return { sandbox, n8n, rest, flows, forms, stop };
	} catch (cause) {
		await stop();
		throw cause;
	}
}

async function putFlowsInPlace(rest: N8nRest, sandbox: Sandbox): Promise<Record<FlowName, SavedWorkflow>> {
	const channel = await rest.saveCredential('Civic WhatsApp', 'civicWhatsAppApi', channelFields(sandbox));
	const saved = {} as Record<FlowName, SavedWorkflow>;
	for (const name of flowNames) {
		const definition = JSON.parse(await readFile(join(workflowsFolder, `${name}.json`), 'utf8')) as WorkflowDefinition;
		if (name === 'gritting') useSandboxForecast(definition, sandbox);
		saved[name] = await rest.saveWorkflow(withCredentials(definition, { civicWhatsAppApi: channel }));
	}
	return saved;
}

/** What "change first" in the flow says: the address of the forecast. */
function useSandboxForecast(definition: WorkflowDefinition, sandbox: Sandbox): void {
	const settings = definition.nodes.find(({ name }) => name === 'Settings');
	const { assignments } = (settings?.parameters as { assignments: { assignments: Array<{ name: string; value: unknown }> } }).assignments;
	const address = assignments.find(({ name }) => name === 'forecastAddress');
	if (address === undefined) throw new Error('workflows/gritting.json has no setting forecastAddress.');
	address.value = String(address.value).replace('https://api.open-meteo.com', `${sandbox.feeds}/open-meteo`);
}

function webhookIdOf(workflow: SavedWorkflow, nodeName: string): string {
	const node = workflow.nodes.find(({ name }) => name === nodeName);
	if (typeof node?.webhookId !== 'string') throw new Error(`The flow "${workflow.name}" has no address for "${nodeName}".`);
	return node.webhookId;
}

/** n8n starts the triggers of a flow shortly after it was activated. */
async function untilRegistered(channelId: string, signal: AbortSignal): Promise<void> {
	const deadline = Date.now() + 60_000;
	const store = await SqliteEngine.open({ folder: storeFolder, clock: systemClock, random: systemRandom });
	try {
		while (!(await store.execute(readAdoptionFacts, undefined)).channels.some(({ id }) => id === channelId)) {
			signal.throwIfAborted();
			if (Date.now() > deadline) throw new Error('The flow "Replies" did not start its trigger; its log is in .demo/n8n/n8n.log.');
			await pause(250);
		}
	} finally {
		await store.close();
	}
}

/** The command that a person on the host runs once, from the installed package. */
async function adopt(channelId: string): Promise<void> {
	const { node } = await ensureN8n();
	await runCommand(node.binary, [join(installedPackage, 'dist', 'apps', 'adopt', 'main.js'), '--channel', channelId, '--by', 'Demo'], {
		cwd: userFolder,
		env: { ...process.env, N8N_USER_FOLDER: userFolder },
	});
}

/** Tells the stand-in for Meta where the desk is: callback URL, and the address behind the sign-off template's button. */
async function connectSandbox(sandbox: Sandbox, deskBase: string, signal: AbortSignal): Promise<void> {
	await postJson(`${sandbox.admin}/templates`, { name: 'civic_sign_off_request', url: `${deskBase}/desk/{{1}}` });
	const deadline = Date.now() + 60_000;
	for (;;) {
		try {
			await postJson(`${sandbox.admin}/webhook`, { url: `${deskBase}/whatsapp` });
			return;
		} catch (cause) {
			// n8n takes a moment until a new address answers.
			if (Date.now() > deadline || signal.aborted) throw cause;
			await pause(500);
		}
	}
}

async function importResidents(rest: N8nRest, workflowId: string, form: string, signal: AbortSignal): Promise<void> {
	const before = new Set((await rest.executions({ workflowId })).map(({ id }) => id));
	await submitForm(form, { 'field-0': new File([residentsFile()], 'residents.csv', { type: 'text/csv' }), 'field-1': 'Sign-up form', 'field-2': 'Ada Marsh' }, signal);
	const deadline = Date.now() + 60_000;
	for (;;) {
		const started = (await rest.executions({ workflowId })).find(({ id }) => !before.has(id));
		if (started !== undefined) {
			const { status } = await rest.settled(started.id);
			if (status === 'error' || status === 'crashed') throw new Error('The import of residents did not go through; look at the flow "Import residents" in n8n.');
			return;
		}
		if (Date.now() > deadline) throw new Error('n8n did not start the import of residents.');
		await pause(200);
	}
}

async function postJson(url: string, body: unknown): Promise<void> {
	const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
	if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
}
