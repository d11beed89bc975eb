import { createRequire } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';
import { ensureN8n } from './n8nInstallation';

/** The person who owns an n8n. The password needs 8 characters with a digit and a capital. */
export interface Owner {
	email: string;
	firstName: string;
	lastName: string;
	password: string;
}

/** How a workflow's node points at a credential. */
export interface CredentialReference {
	id: string;
	name: string;
}

export interface WorkflowNode {
	name: string;
	type: string;
	credentials?: Record<string, { id?: string | null; name: string }>;
	[field: string]: unknown;
}

/** A workflow as it is exported from the editor. */
export interface WorkflowDefinition {
	name: string;
	nodes: WorkflowNode[];
	connections: Record<string, unknown>;
	settings?: Record<string, unknown>;
	[field: string]: unknown;
}

export interface SavedWorkflow extends WorkflowDefinition {
	id: string;
	/** The version last saved. */
	versionId: string;
	/** The version that runs; null when inactive. */
	activeVersionId: string | null;
}

export type ExecutionStatus = 'new' | 'running' | 'waiting' | 'success' | 'error' | 'crashed' | 'canceled' | 'unknown';

export interface ExecutionSummary {
	id: string;
	workflowId: string;
	mode: string;
	status: ExecutionStatus;
	waitTill: string | null;
}

export interface NodeRun {
	executionStatus: string;
	/** Per output of the node, the items that left it. */
	data?: { main?: Array<Array<{ json: Record<string, unknown> }> | null> };
	error?: { message: string; description?: string };
}

export interface Execution extends ExecutionSummary {
	data: {
		resultData: {
			error?: { message: string; description?: string };
			lastNodeExecuted?: string;
			/** Per node name, its runs in order. */
			runData: Record<string, NodeRun[]>;
		};
		[field: string]: unknown;
	};
}

/** What n8n answered instead of what was asked for. */
export class N8nRefusal extends Error {
	constructor(
		readonly status: number,
		readonly request: string,
		readonly answer: string,
	) {
		super(`n8n answered ${request} with ${status}: ${answer}`);
	}
}

/** A status that no longer changes by itself. */
const ENDED = new Set<ExecutionStatus>(['success', 'error', 'crashed', 'canceled']);

/** n8n's own REST interface, as its editor uses it. The shapes are those of n8n 2.41. */
export class N8nRest {
	private cookie = '';

	private constructor(
		readonly url: string,
		private readonly parseFlatted: (text: string) => unknown,
	) {}

	/** Signs in as the owner, whom it creates first where n8n has none. Call it again after a restart. */
	static async signIn(url: string, owner: Owner): Promise<N8nRest> {
		const { entry } = await ensureN8n();
		// Execution data travels in flatted's format; n8n's own copy reads what n8n wrote.
		const { parse } = createRequire(entry)('flatted') as { parse: (text: string) => unknown };
		const rest = new N8nRest(url, parse);
		const settings = await rest.call<{ userManagement: { showSetupOnFirstLoad?: boolean } }>('GET', '/rest/settings');
		if (settings.userManagement.showSetupOnFirstLoad) await rest.call('POST', '/rest/owner/setup', owner);
		else await rest.call('POST', '/rest/login', { emailOrLdapLoginId: owner.email, password: owner.password });
		return rest;
	}

	/** Creates the credential of that name and type, or gives it the new data. */
	async saveCredential(name: string, type: string, data: Record<string, unknown>): Promise<CredentialReference> {
		const filter = encodeURIComponent(JSON.stringify({ name, type }));
		const found = await this.call<Array<CredentialReference & { type: string }>>('GET', `/rest/credentials?filter=${filter}`);
		const known = found.find((credential) => credential.name === name && credential.type === type);
		const saved = known
			? await this.call<CredentialReference>('PATCH', `/rest/credentials/${known.id}`, { name, type, data })
			: await this.call<CredentialReference>('POST', '/rest/credentials', { name, type, data });
		return { id: saved.id, name: saved.name };
	}

	/** Runs the credential's own test with the data as saved: what the editor's green or red banner says. */
	async testCredential(reference: CredentialReference, type: string): Promise<{ status: string; message: string }> {
		const { data } = await this.call<{ data: unknown }>('GET', `/rest/credentials/${reference.id}?includeData=true`);
		return await this.call('POST', '/rest/credentials/test', { credentials: { ...reference, type, data } });
	}

	async deleteCredential(id: string): Promise<void> {
		await this.call('DELETE', `/rest/credentials/${id}`);
	}

	async workflows(): Promise<SavedWorkflow[]> {
		return await this.call('GET', '/rest/workflows');
	}

	async workflow(id: string): Promise<SavedWorkflow> {
		return await this.call('GET', `/rest/workflows/${id}`);
	}

	/** Creates the workflow of that name, or saves the definition over it. An active one keeps running its old version. */
	async saveWorkflow(definition: WorkflowDefinition): Promise<SavedWorkflow> {
		const known = (await this.workflows()).find((workflow) => workflow.name === definition.name);
		const { name, nodes, connections, settings } = definition;
		if (known) return await this.call('PATCH', `/rest/workflows/${known.id}`, { name, nodes, connections, settings });
		return await this.call('POST', '/rest/workflows', { name, nodes, connections, settings });
	}

	/** Makes the version last saved the one that runs. */
	async activate(id: string): Promise<SavedWorkflow> {
		const { versionId, activeVersionId } = await this.workflow(id);
		if (versionId === activeVersionId) return await this.workflow(id);
		return await this.call('POST', `/rest/workflows/${id}/activate`, { versionId });
	}

	async deactivate(id: string): Promise<void> {
		await this.call('POST', `/rest/workflows/${id}/deactivate`, {});
	}

	/** n8n deletes archived workflows only, so this archives first. Their executions go with them. */
	async deleteWorkflow(id: string): Promise<void> {
		await this.call('POST', `/rest/workflows/${id}/archive`, {});
		await this.call('DELETE', `/rest/workflows/${id}`);
	}

	/** Starts the saved workflow from one of its triggers by hand; returns the execution's id. */
	async run(workflowId: string, triggerName: string): Promise<string> {
		const answer = await this.call<{ executionId?: string }>('POST', `/rest/workflows/${workflowId}/run`, {
			triggerToStartFrom: { name: triggerName },
		});
		if (!answer.executionId) throw new Error(`"${triggerName}" waits for a request from outside before it starts.`);
		return answer.executionId;
	}

	/** The newest executions first. */
	async executions(filter: { workflowId?: string; status?: ExecutionStatus[] } = {}): Promise<ExecutionSummary[]> {
		const query = encodeURIComponent(JSON.stringify(filter));
		const page = await this.call<{ results: ExecutionSummary[] }>('GET', `/rest/executions?filter=${query}&limit=100`);
		return page.results;
	}

	async execution(id: string): Promise<Execution> {
		const raw = await this.call<ExecutionSummary & { data: string }>('GET', `/rest/executions/${id}`);
		return { ...raw, data: this.parseFlatted(raw.data) as Execution['data'] };
	}

	/** The execution once it has ended or waits; asks every 200 ms. `within` is in milliseconds. */
	async settled(id: string, within = 60_000): Promise<Execution> {
		return await this.until(id, (status) => ENDED.has(status) || status === 'waiting', within);
	}

	/** The execution once it has ended. */
	async ended(id: string, within = 60_000): Promise<Execution> {
		return await this.until(id, (status) => ENDED.has(status), within);
	}

	private async until(id: string, done: (status: ExecutionStatus) => boolean, within: number): Promise<Execution> {
		const deadline = Date.now() + within;
		for (;;) {
			const execution = await this.execution(id);
			if (done(execution.status)) return execution;
			if (Date.now() > deadline) throw new Error(`Execution ${id} is still ${execution.status} after ${within} ms.`);
			await pause(200);
		}
	}

	async stopExecution(id: string): Promise<void> {
		await this.call('POST', `/rest/executions/${id}/stop`, {});
	}

	async deleteExecutions(ids: string[]): Promise<void> {
		await this.call('POST', '/rest/executions/delete', { ids });
	}

	/** Every node type that n8n has loaded, with its full description. */
	async nodeTypes(): Promise<Array<{ name: string; displayName: string; [field: string]: unknown }>> {
		return await this.call('GET', '/types/nodes.json');
	}

	async credentialTypes(): Promise<Array<{ name: string; displayName: string; [field: string]: unknown }>> {
		return await this.call('GET', '/types/credentials.json');
	}

	/** Any other address of n8n. Returns what the answer holds under `data`, or the whole of it. */
	async call<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
		const response = await fetch(`${this.url}${path}`, {
			method,
			headers: { 'content-type': 'application/json', 'browser-id': 'civic-comms', cookie: this.cookie },
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		});
		const text = await response.text();
		if (!response.ok) throw new N8nRefusal(response.status, `${method} ${path}`, messageOf(text));
		const session = response.headers.getSetCookie().find((cookie) => cookie.startsWith('n8n-auth='));
		if (session) this.cookie = session.split(';')[0] ?? '';
		return unwrap(text) as Answer;
	}
}

/** Points every use of a credential type in a workflow at a saved credential, as a person does after an import. */
export function withCredentials(
	definition: WorkflowDefinition,
	byType: Record<string, CredentialReference>,
): WorkflowDefinition {
	const nodes = definition.nodes.map((node) => {
		const used = Object.entries(node.credentials ?? {}).map(([type, reference]) => [type, byType[type] ?? reference]);
		return used.length > 0 ? { ...node, credentials: Object.fromEntries(used) } : node;
	});
	return { ...definition, nodes };
}

function unwrap(text: string): unknown {
	if (text === '') return undefined;
	const answer: unknown = JSON.parse(text);
	const isWrapped = typeof answer === 'object' && answer !== null && !Array.isArray(answer) && 'data' in answer;
	return isWrapped ? answer.data : answer;
}

function messageOf(text: string): string {
	try {
		const answer: unknown = JSON.parse(text);
		const message = (answer as { message?: unknown }).message;
		return typeof message === 'string' ? message : text.slice(0, 300);
	} catch {
		// Not every refusal is JSON: a page is quoted as it stands.
		return text.slice(0, 300);
	}
}
