import { randomUUID } from 'node:crypto';
import type {
	IConnections,
	ICredentialDataDecryptedObject,
	IDataObject,
	ExecuteWorkflowOptions,
	IExecuteData,
	IExecuteWorkflowInfo,
	INode,
	INodeExecutionData,
	IPinData,
	IRun,
	IRunExecutionData,
	ITriggerResponse,
	IWebhookData,
	IWebhookDescription,
	IWorkflowExecuteAdditionalData,
	Workflow,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { Container, core, manifest, n8nWorkflow, nodeTypes, nothing, types } from './loaded';

export { compiled, core, instances, manifest, n8nWorkflow, packageNodes } from './loaded';

/*
 * n8n's own engine around the compiled package, without a server. What n8n's server does around the engine is copied
 * in the steps below from n8n 2.41.
 */

/** A node of a flow. Types of the package are written without its name. */
export type NodeOfFlow = Partial<Omit<INode, 'credentials'>> & { name: string; type: string; credentials?: string[] };

export interface Flow {
	id: string;
	nodes: INode[];
	connections: IConnections;
	pinData?: IPinData;
}

/**
 * @param arrows `From → To` or `From.2 → To`, the number being the output
 */
export function flowOf(nodes: NodeOfFlow[], arrows: string[] = [], changes: Partial<Flow> = {}): Flow {
	const connections: IConnections = {};
	for (const arrow of arrows) {
		const [, from = '', output = '0', to = ''] = /^(.+?)(?:\.(\d))? → (.+)$/.exec(arrow) ?? nothing(arrow);
		const main = ((connections[from] ??= {}).main ??= []);
		while (main.length <= Number(output)) main.push([]);
		main[Number(output)]?.push({ node: to, type: 'main', index: 0 });
	}
	return { id: randomUUID(), nodes: nodes.map(nodeOf), connections, ...changes };
}

function nodeOf(node: NodeOfFlow): INode {
	const credentials = Object.fromEntries((node.credentials ?? ['civicWhatsAppApi', 'civicStoreApi']).map((type) => [type, { id: type, name: type }]));
	return {
		id: randomUUID(),
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
		...node,
		type: node.type.includes('.') ? node.type : `${manifest.name}.${node.type}`,
		credentials,
	};
}

export function workflowOf(flow: Flow, active = false): Workflow {
	const { id, nodes, connections } = structuredClone(flow);
	return new n8nWorkflow.Workflow({ id, name: 'Test', nodes, connections, active, nodeTypes, settings: { executionOrder: 'v1', timezone: 'Europe/London' } });
}

/** One execution as n8n keeps it. */
export class Execution {
	readonly id = String(nextExecution++);
	status: IRun['status'] = 'new';
	data!: IRunExecutionData;

	constructor(
		readonly flow: Flow,
		readonly mode: WorkflowExecuteMode,
	) {}

	/** What a node put out on one of its outputs in its last run. */
	items(name: string, output = 0): INodeExecutionData[] {
		return this.data.resultData.runData[name]?.at(-1)?.data?.main?.[output] ?? [];
	}

	json(name: string, output = 0): IDataObject[] {
		return this.items(name, output).map(({ json }) => json);
	}

	ran(name: string): boolean {
		return this.data.resultData.runData[name] !== undefined;
	}

	get error() {
		return this.data.resultData.error as { message: string; description?: string; context?: IDataObject } | undefined;
	}
}

let nextExecution = 1;

/** What n8n gives every node: addresses, and credentials by type. */
export class N8n {
	readonly executions = new Map<string, Execution>();
	/** Flows that another flow may call, by id. */
	readonly callable = new Map<string, Flow>();
	/** What was asked of n8n with each such call. */
	readonly calls: Array<ExecuteWorkflowOptions & { id: string | undefined; execution: Execution }> = [];
	/** Executions as n8n's database has them. */
	readonly #saved = new Map<string, IRunExecutionData>();
	readonly #cancel = new Map<string, () => void>();

	constructor(
		readonly credentials: Record<string, ICredentialDataDecryptedObject>,
		/** Base address, without a slash at the end. */
		readonly url: () => string,
	) {}

	additionalData(execution?: Execution, more: Partial<IWorkflowExecuteAdditionalData> = {}): IWorkflowExecuteAdditionalData {
		const given = {
			executionId: execution?.id,
			hooks: new core.ExecutionLifecycleHooks(execution?.mode ?? 'manual', execution?.id ?? '0', {} as never),
			credentialsHelper: {
				isCredentialUsableByNode: () => true,
				getDecrypted: async (_: unknown, __: unknown, type: string) => structuredClone(this.credentials[type] ?? nothing(type)),
				getParentTypes: () => [],
				getCredentialsProperties: () => [],
			},
			executeWorkflow: (info: IExecuteWorkflowInfo, _: unknown, options: ExecuteWorkflowOptions) => this.#call(info, options),
			variables: {},
			currentNodeExecutionIndex: 0,
			getRunExecutionData: async (id: string) => Promise.resolve(structuredClone(this.#saved.get(id))),
			instanceBaseUrl: this.url(),
			restApiUrl: `${this.url()}/rest`,
			webhookBaseUrl: `${this.url()}/webhook`,
			webhookTestBaseUrl: `${this.url()}/webhook-test`,
			webhookWaitingBaseUrl: `${this.url()}/webhook-waiting`,
			formWaitingBaseUrl: `${this.url()}/form-waiting`,
			...more,
		};
		return given as unknown as IWorkflowExecuteAdditionalData;
	}

	/** Runs a flow from its first node, which gets the items. Where that is a form, Sam Okafor submits it, signed in. */
	async run(flow: Flow, items: Array<IDataObject | INodeExecutionData> = [{}], mode: WorkflowExecuteMode = startsWithForm(flow) ? 'webhook' : 'trigger'): Promise<Execution> {
		const execution = new Execution(flow, mode);
		this.executions.set(execution.id, execution);
		const submitted = (json: IDataObject) => (byForm(execution) ? { submittedAt: '2026-11-24T16:00:00.000Z', formMode: 'production', user: { ...samOkafor }, ...json } : json);
		return this.#start(execution, items.map((item) => ('json' in item ? (item as INodeExecutionData) : { json: submitted(item as IDataObject) })));
	}

	async #start(execution: Execution, items: INodeExecutionData[]): Promise<Execution> {
		const { flow } = execution;
		const workflow = workflowOf(flow);
		const main = [items];
		const first: IExecuteData = { node: workflow.getNode(flow.nodes[0]?.name ?? '') ?? nothing('first node'), data: { main }, source: null };
		const data = n8nWorkflow.createRunExecutionData({
			resultData: { runData: {}, ...(flow.pinData === undefined ? {} : { pinData: flow.pinData }) },
			executionData: { nodeExecutionStack: [first] },
		});
		await this.#note(workflow, data, execution.mode, byForm(execution) && first.node.parameters.authentication === 'n8nUserAuth');
		this.#saved.set(execution.id, stored(data));
		return this.#process(execution, workflow, data);
	}

	/** What n8n notes about the start of an execution before it stores it for the first time. */
	async #note(workflow: Workflow, data: IRunExecutionData, mode: WorkflowExecuteMode, signedIn: boolean): Promise<void> {
		const context = Container.get(core.ExecutionContextService);
		const identity = signedIn ? await context.buildTriggerIdentityCredentials('token', 'http://127.0.0.1/form/1') : undefined;
		await core.establishExecutionContext(workflow, data, this.additionalData(undefined, identity === undefined ? {} : { encryptedRunnerIdentity: identity }), mode);
	}

	/** n8n's own timer: the execution goes on as it was stored, with nobody having answered. */
	wakeByTimer(execution: Execution): Promise<Execution> {
		return this.#process(execution, workflowOf(execution.flow), stored(execution.data));
	}

	/** What n8n does with a call on a waiting node's address. */
	async callWaiting(execution: Execution, http: Pick<IWorkflowExecuteAdditionalData, 'httpRequest' | 'httpResponse'>): Promise<{ answer: unknown; goneOn: Promise<Execution> } | 'answered'> {
		const saved = stored(execution.data);
		saved.waitTill = undefined;
		const [waiting] = saved.executionData?.nodeExecutionStack ?? [];
		if (waiting === undefined) throw new Error('nothing waits');
		const workflow = workflowOf(execution.flow);
		const node = workflow.getNode(waiting.node.name) ?? nothing(waiting.node.name);
		const { webhookResponse, workflowData } = await this.callWebhook(workflow, node, http, saved);
		if (workflowData === undefined) return 'answered';
		execution.status = 'running';
		waiting.node.disabled = true;
		waiting.data.main = workflowData;
		waiting.metadata = { ...waiting.metadata, forwardAllOutputs: true };
		saved.resultData.runData[node.name]?.pop();
		return { answer: webhookResponse, goneOn: this.#process(execution, workflow, saved) };
	}

	async callWebhook(workflow: Workflow, node: INode, http: Partial<IWorkflowExecuteAdditionalData>, saved: IRunExecutionData | null = null) {
		const type = types.get(node.type) ?? nothing(node.type);
		const context = new core.WebhookContext(workflow, node, this.additionalData(undefined, http), 'webhook', webhookData(node, type.description.webhooks?.[0]), [], saved);
		return (await type.webhook?.call(context)) ?? nothing(node.type);
	}

	/** n8n calls these when a workflow is activated and deactivated, or listened to in the editor (`manual`). */
	async callHook(flow: Flow, name: string, method: 'checkExists' | 'create' | 'delete', mode: 'trigger' | 'manual' = 'trigger'): Promise<boolean> {
		const workflow = workflowOf(flow);
		const node = workflow.getNode(name) ?? nothing(name);
		const type = types.get(node.type) ?? nothing(node.type);
		const data = { ...webhookData(node, type.description.webhooks?.[0]), isTest: mode === 'manual' };
		const context = new core.HookContext(workflow, node, this.additionalData(), mode, mode === 'manual' ? 'manual' : 'activate', data as IWebhookData);
		return (await type.webhookMethods?.default?.[method]?.call(context)) ?? false;
	}

	/** Activates a trigger. Each emitted item list is handed to `onEmit`. */
	async activate(flow: Flow, name: string, onEmit: (emitted: Emitted) => void = () => undefined): Promise<ITriggerResponse> {
		const workflow = workflowOf(flow, true);
		const node = workflow.getNode(name) ?? nothing(name);
		const type = types.get(node.type) ?? nothing(node.type);
		const context = new core.TriggerContext(workflow, node, this.additionalData(), 'trigger', 'activate', (data, _response, done, key) =>
			onEmit({ items: data[0] ?? [], key, done: (run) => done?.resolve(run as IRun), refuse: (error) => done?.reject(error) }),
		);
		return (await type.trigger?.call(context)) ?? nothing(name);
	}

	/** A context in which the editor asks for lists and fields. */
	loadOptions(flow: Flow, name: string) {
		const workflow = workflowOf(flow);
		const node = workflow.getNode(name) ?? nothing(name);
		const type = types.get(node.type) ?? nothing(node.type);
		const context = new core.LoadOptionsContext(workflow, node, this.additionalData(undefined, { currentNodeParameters: node.parameters }), '');
		return { context, methods: type.methods ?? {} };
	}

	/** The person in the editor presses Stop. */
	cancel(execution: Execution): void {
		this.#cancel.get(execution.id)?.();
	}

	/** n8n's own `executeWorkflow`, for a flow in its database. */
	async #call({ id }: IExecuteWorkflowInfo, options: ExecuteWorkflowOptions) {
		const flow = this.callable.get(id ?? '');
		if (flow === undefined) throw new Error('Workflow is not active and cannot be executed.');
		const execution = new Execution(flow, 'integrated');
		this.executions.set(execution.id, execution);
		this.calls.push({ ...options, id, execution });
		const ended = this.#start(execution, options.inputData ?? [{ json: {} }]);
		if (options.doNotWaitToFinish !== true) await ended;
		return { executionId: execution.id, data: [null] };
	}

	async #process(execution: Execution, workflow: Workflow, data: IRunExecutionData): Promise<Execution> {
		execution.status = 'running';
		const additionalData = this.additionalData(execution);
		const ended = new Promise<IRun>((resolve) => additionalData.hooks?.addHandler('workflowExecuteAfter', (run) => resolve(run)));
		const running = new core.WorkflowExecute(additionalData, execution.mode, data).processRunExecutionData(workflow);
		this.#cancel.set(execution.id, () => running.cancel());
		running.catch(() => undefined);
		const run = await ended;
		execution.status = run.status;
		execution.data = run.data;
		this.#saved.set(execution.id, stored(run.data));
		return execution;
	}
}

/** Who submits the forms of these tests. */
export const samOkafor = { id: '8d0c9b1e-5a53-4d0e-9b62-1f6f0a3e7c55', email: 'sam.okafor@aldersea.example', firstName: 'Sam', lastName: 'Okafor' };

function byForm({ flow, mode }: Execution): boolean {
	return startsWithForm(flow) && mode === 'webhook';
}

function startsWithForm(flow: Flow): boolean {
	return flow.nodes[0]?.type === 'n8n-nodes-base.formTrigger';
}

export interface Emitted {
	items: INodeExecutionData[];
	key: string | undefined;
	/** n8n says that the execution has ended, or (undefined) that it had one under this key already. */
	done(run?: IRun): void;
	/** n8n says that no execution came of it, or that a person cancelled it. */
	refuse(error: Error): void;
}

/** What is left of an execution after it was written into n8n's database and read again. */
export function stored(data: IRunExecutionData): IRunExecutionData {
	return JSON.parse(JSON.stringify(data)) as IRunExecutionData;
}

function webhookData(node: INode, webhookDescription: IWebhookDescription | undefined): IWebhookData {
	return { node: node.name, webhookDescription, httpMethod: 'POST', path: '', workflowId: '1' } as unknown as IWebhookData;
}

/** Whether n8n would let this call on a waiting node's signed address in. */
export function isSigned(url: URL): boolean {
	const { hmacSignatureSecret } = Container.get(core.InstanceSettings as unknown as new () => { hmacSignatureSecret: string });
	return core.validateUrlSignature(url.searchParams.get('signature') ?? '', url, hmacSignatureSecret);
}
