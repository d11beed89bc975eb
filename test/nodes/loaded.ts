import 'reflect-metadata';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as N8nCore from 'n8n-core';
import type { IDataObject, INodeType, INodeTypes } from 'n8n-workflow';
import { compiledFolder } from './compilePackage';

/* n8n's engine and the compiled package, loaded as CommonJS, so that both see one n8n-workflow. */

const root = join(__dirname, '../..');
const load = createRequire(join(root, 'package.json'));

// n8n-core reads these when it is loaded, and writes a settings file into the folder.
process.env.N8N_USER_FOLDER = join(root, 'build', 'ring-two-home', process.env.VITEST_POOL_ID ?? '0');
process.env.N8N_ENCRYPTION_KEY = 'ring-two';
process.env.N8N_LOG_LEVEL = 'silent';
mkdirSync(process.env.N8N_USER_FOLDER, { recursive: true });

export const core = load('n8n-core') as typeof N8nCore;
export const n8nWorkflow = load('n8n-workflow') as typeof import('n8n-workflow');
export const { Container } = createRequire(load.resolve('n8n-core'))('@n8n/di') as { Container: { get<T>(type: new (...given: never[]) => T): T } };

const key = { id: '5f0f4b0e-8f3f-4a57-9d0c-0b3a2f6f1a11', value: Container.get(core.Cipher).encryptDEKWithInstanceKey('0f'.repeat(32)), algorithm: 'aes-256-gcm', format: 'prefixed' } as const;
// What n8n notes about whoever signed in is encrypted.
Container.get(core.EncryptionKeyProxy).setProvider({ getActiveKey: async () => Promise.resolve(key), getKeyById: async () => Promise.resolve(key), getLegacyKey: async () => Promise.resolve(key) });

export const manifest = load('./package.json') as { name: string; n8n: { nodes: string[]; credentials: string[] } };

/** A module of the package as n8n would load it. */
export function compiled<T>(path: string): T {
	return load(join(root, compiledFolder, path)) as T;
}

/** The classes that n8n would make of a list in package.json: the file name is the class name. */
export function instances<T>(paths: string[]): T[] {
	return paths.map((path) => {
		const name = /([^/]+)\.(?:node|credentials)\.js$/.exec(path)?.[1] ?? '';
		return new (compiled<Record<string, new () => T>>(path.replace(/^dist\//, ''))[name] ?? nothing(path))();
	});
}

export function nothing(path: string): never {
	throw new Error(`${path} exports no class of its own name`);
}

export const packageNodes = instances<INodeType>(manifest.n8n.nodes);

/** Hands its items on; what a sample flow has before and after our nodes. */
const passOn: INodeType = {
	description: {
		displayName: 'Pass On',
		name: 'passOn',
		group: ['transform'],
		version: 1,
		description: 'Hands its items on',
		defaults: { name: 'Pass On' },
		inputs: ['main'],
		outputs: ['main'],
		properties: [],
	},
	async execute() {
		return Promise.resolve([this.getInputData()]);
	},
};

/** Of the real one's fields; n8n drops from a node what its description does not know. */
const formProperties: INodeType['description']['properties'] = [
	{ displayName: 'Authentication', name: 'authentication', type: 'string', default: 'none' },
	{ displayName: 'Options', name: 'options', type: 'json', default: {} },
];

/** n8n's own form, as far as the engine has to do with it: a webhook has taken the submission before the engine starts. */
const formTrigger: INodeType = {
	description: { ...passOn.description, displayName: 'n8n Form Trigger', name: 'formTrigger', group: ['trigger'], version: [2.5, 2.6], inputs: [], properties: formProperties },
	async webhook() {
		return Promise.resolve({});
	},
};

/** Makes an item of each entry of a list, as n8n's Split Out does. */
const split: INodeType = {
	description: { ...passOn.description, displayName: 'Split', name: 'split' },
	async execute() {
		return Promise.resolve([this.getInputData().flatMap(({ json }, item) => (json.each as IDataObject[]).map((entry) => ({ json: entry, pairedItem: { item } })))]);
	},
};

/** Changes what earlier nodes put out, as an expression can under n8n's legacy engine and a careless node under any. */
const forge: INodeType = {
	description: { ...passOn.description, displayName: 'Forge', name: 'forge' },
	async execute() {
		const items = this.getInputData();
		for (const { json } of items) Object.assign(json.user ?? {}, { id: 'forged', email: 'forged@aldersea.example', firstName: 'Forged', lastName: 'Body' });
		return Promise.resolve([items]);
	},
};

/** Waits until n8n's timer wakes it, and hands its items on. */
const waitOnce: INodeType = {
	description: { ...passOn.description, displayName: 'Wait Once', name: 'waitOnce' },
	async execute() {
		await this.putExecutionToWait(new Date(Date.now() + 3600_000));
		return [this.getInputData()];
	},
};

export const types = new Map<string, INodeType>([
	['test.passOn', passOn],
	['test.split', split],
	['test.forge', forge],
	['test.waitOnce', waitOnce],
	['n8n-nodes-base.formTrigger', formTrigger],
	...packageNodes.map((node): [string, INodeType] => [`${manifest.name}.${node.description.name}`, node]),
]);

export const nodeTypes: INodeTypes = {
	getByName: (type) => types.get(type) ?? nothing(type),
	getByNameAndVersion: (type) => types.get(type) ?? nothing(type),
	getKnownTypes: () => ({}),
};
