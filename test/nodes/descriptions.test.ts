import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ICredentialType, INodeProperties, INodePropertyOptions, INodeType } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';
import { parseChannelSettings } from '../../core/channel/parseSettings';
import { channelFields } from '../council/council';
import { flowOf, instances, manifest, n8nWorkflow, packageNodes, workflowOf } from './engine';

const root = join(__dirname, '../..');
const sourceOf = (path: string) => join(root, path.replace(/^dist\//, '').replace(/\.js$/, '.ts'));
const credentials = instances<ICredentialType>(manifest.n8n.credentials);

/** Every property, those inside collections too. */
function all(properties: readonly INodeProperties[]): INodeProperties[] {
	return properties.flatMap((property) => [property, ...all(inside(property))]);
}

function inside({ type, options = [] }: INodeProperties): INodeProperties[] {
	if (type === 'collection') return options as INodeProperties[];
	if (type === 'fixedCollection') return options.flatMap((option) => ('values' in option ? option.values : []));
	return [];
}

const choices = ({ type, options = [] }: INodeProperties) => (type === 'options' || type === 'multiOptions' ? (options as INodePropertyOptions[]) : []);

function iconsOf(icon: unknown): string[] {
	const { light, dark } = icon as { light: string; dark: string };
	return [light, dark].map((name) => name.replace(/^file:/, ''));
}

describe.each(packageNodes.map((node, position): [string, INodeType, string] => [node.description.name, node, sourceOf(manifest.n8n.nodes[position] ?? '')]))('%s', (name, node, source) => {
	const { description } = node;
	const properties = all(description.properties);

	it('has nothing that n8n complains about when the node is new', () => {
		const parameters = n8nWorkflow.NodeHelpers.getNodeParameters(description.properties, {}, true, false, null, description);
		expect(parameters).not.toBeNull();
		const fresh = { id: '1', name, type: name, typeVersion: 1, position: [0, 0], parameters: parameters ?? {} } as never;
		const issues = n8nWorkflow.NodeHelpers.getNodeParametersIssues(description.properties, fresh, description)?.parameters ?? {};
		// What a person has to fill in first is required and empty; nothing else may be amiss.
		for (const messages of Object.values(issues)) for (const message of messages) expect(message).toMatch(/is required/);
	});

	it('is called what its folder and file are called, and is told apart from other packages’ nodes', () => {
		expect(source).toBe(join(root, 'nodes', upper(name), `${upper(name)}.node.ts`));
		expect(existsSync(source)).toBe(true);
		expect(description.displayName).toMatch(/^Civic /);
		expect(description.defaults.name).toBe(description.displayName);
	});

	it('has two icons and a codex that names it', () => {
		const icons = iconsOf(description.icon);
		expect(new Set(icons).size).toBe(2);
		for (const icon of icons) expect(readFileSync(join(dirname(source), icon), 'utf8')).toContain('<svg');
		const codex = JSON.parse(readFileSync(source.replace(/\.ts$/, '.json'), 'utf8')) as { node: string; resources: object; categories: string[] };
		expect(codex).toMatchObject({ node: `${manifest.name}.${name}`, resources: expect.any(Object) as object });
	});

	it('lists options by name, with names and values of their own', () => {
		for (const property of properties) {
			const names = property.type === 'collection' ? (property.options as INodeProperties[]).map(({ displayName }) => displayName) : choices(property).map((choice) => choice.name);
			expect(names).toEqual([...names].sort((one, other) => one.localeCompare(other, 'en-GB')));
			expect(new Set(names).size).toBe(names.length);
			const values = choices(property).map(({ value }) => value);
			expect(new Set(values).size).toBe(values.length);
			if (values.length > 0 && property.type === 'options') expect(values).toContain(property.default);
		}
	});

	it('has a file for each operation, which calls itself so', () => {
		for (const property of description.properties.filter((one) => one.name === 'operation')) {
			const resource = property.displayOptions?.show?.resource?.[0] as string | undefined;
			const folder = resource === undefined ? dirname(source) : join(dirname(source), resource);
			const values = choices(property).map(({ value }) => value as string);
			const files = readdirSync(folder).filter((file) => file.endsWith('.operation.ts')).map((file) => file.replace('.operation.ts', ''));
			expect(files.sort()).toEqual([...values].sort());
			for (const value of values) expect(readFileSync(join(folder, `${value}.operation.ts`), 'utf8')).toContain(`value = '${value}'`);
			// n8n's style for what stands in the list of actions: a sentence without articles.
			for (const choice of choices(property)) expect(choice.action).toMatch(/^[A-Z](?!.*\b(?:a|an|the)\b)/);
		}
	});

	it('shows fields for real values of real fields only', () => {
		for (const property of properties) {
			for (const conditions of Object.values(property.displayOptions ?? {})) {
				for (const [field, values] of Object.entries(conditions as Record<string, unknown[]>)) {
					const asked = properties.filter((one) => one.name === field);
					expect([property.name, field, asked.length > 0]).toEqual([property.name, field, true]);
					const possible = asked.flatMap((one) => (one.type === 'boolean' ? [true, false] : choices(one).map(({ value }) => value)));
					for (const value of values) expect(possible).toContain(value);
				}
			}
		}
	});

	it('can test each credential it takes, because n8n asks whichever node it finds first', () => {
		for (const { name: type, testedBy } of description.credentials ?? []) {
			expect(credentials.map((credential) => credential.name)).toContain(type);
			expect(testedBy).toBe(`${type}Test`);
			expect(Object.keys(node.methods?.credentialTest ?? {})).toContain(testedBy);
		}
	});

	it('has every list and form that its fields ask for', () => {
		for (const property of properties) {
			const searches = (property.modes ?? []).flatMap((mode) => mode.typeOptions?.searchListMethod ?? []);
			for (const search of searches) expect(Object.keys(node.methods?.listSearch ?? {})).toContain(search);
			const form = property.typeOptions?.resourceMapper?.resourceMapperMethod;
			if (form !== undefined) expect(Object.keys(node.methods?.resourceMapping ?? {})).toContain(form);
		}
	});

	it('is no tool for AI agents', () => {
		expect(description.usableAsTool).toBeUndefined();
	});

	it('is thin', () => {
		const execution = readFileSync(source, 'utf8').split('description: INodeTypeDescription')[1]?.split('\n\t};\n')[1] ?? '';
		expect(execution.split('\n').length).toBeLessThanOrEqual(60);
	});
});

function upper(name: string): string {
	return name.slice(0, 1).toUpperCase() + name.slice(1);
}

describe('the Approval Gate', () => {
	const gate = packageNodes.find(({ description }) => description.name === 'approvalGate')?.description;

	it('has Expired as output 0, where things fall out of a waiting node without a decision', () => {
		const outputs = (action: string) => {
			const node = { name: 'Gate', type: 'approvalGate', typeVersion: 1, position: [0, 0], parameters: { action } } as never;
			const flow = workflowOf(flowOf([{ name: 'Gate', type: 'approvalGate', parameters: { action } }]));
			return n8nWorkflow.NodeHelpers.getNodeOutputs(flow, flow.getNode('Gate') ?? node, gate as never);
		};
		expect(outputs('request').map((output) => (typeof output === 'string' ? output : output.displayName))).toEqual(['Expired', 'Rejected', 'Approved']);
		for (const action of ['getMany', 'withdraw', 'housekeep']) expect(outputs(action)).toEqual(['main']);
	});

	it('has the hidden operation by which n8n checks the signature of a resume address, and no variant for AI agents', () => {
		const operation = gate?.properties.find(({ name }) => name === 'operation');
		expect(operation).toMatchObject({ type: 'hidden', default: n8nWorkflow.SEND_AND_WAIT_OPERATION });
		expect(operation?.options).toBeUndefined();
		for (const webhook of gate?.webhooks ?? []) expect(webhook).toMatchObject({ name: 'default', path: '={{ $nodeId }}', restartWebhook: true, isFullPath: true, responseMode: 'onReceived', responseData: '' });
		expect(gate?.webhooks?.map(({ httpMethod }) => httpMethod)).toEqual(['POST', 'GET']);
	});
});

describe('the credentials', () => {
	it.each(credentials.map((credential) => [credential.name, credential] as const))('%s is for our nodes only and has two icons', (_, credential) => {
		expect(credential.restrictToSupportedNodes).toBe(true);
		for (const icon of iconsOf(credential.icon)) expect(existsSync(join(root, 'credentials', icon))).toBe(true);
	});

	it('the channel has exactly the fields that the core reads, and its defaults are usable', () => {
		const channel = credentials.find(({ name }) => name === 'civicWhatsAppApi');
		const asked = new Set<string>();
		const given = channelFields({ api: 'http://127.0.0.1:1', token: 't', appSecret: 's', verifyToken: 'v', phoneNumberId: '106540352242922', businessAccountId: '102290129340398' });
		parseChannelSettings(new Proxy(given, { get: (fields, field) => (asked.add(String(field)), fields[String(field)]) }));
		expect(channel?.properties.map(({ name }) => name).sort()).toEqual([...asked].sort());
		const defaults = Object.fromEntries(channel?.properties.filter(({ default: value }) => value !== '' && typeof value !== 'object').map(({ name, default: value }) => [name, value]) ?? []);
		expect(parseChannelSettings({ ...given, ...defaults })).toMatchObject({ mode: 'training', graphUrl: 'https://graph.facebook.com' });
	});

	it('rows of people and services are called what the core reads', () => {
		const rows = (name: string) => credentials.flatMap(({ properties }) => properties).find((property) => property.name === name);
		expect(inside(rows('approvers') as INodeProperties).map(({ name }) => name)).toEqual(['name', 'email', 'phone', 'role', 'group']);
		expect(inside(rows('services') as INodeProperties).map(({ name }) => name)).toEqual(['name', 'requesters', 'topics', 'areas']);
	});
});
