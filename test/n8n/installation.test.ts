import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readManifest } from '../../apps/host/installPackage';
import { startCouncilN8n, type CouncilN8n } from './councilN8n';

const project = process.cwd();
const listed = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as {
	name: string;
	n8n: { nodes: string[]; credentials: string[] };
};
const load = createRequire(join(project, 'package.json'));

/** n8n's own rule: the class in a file carries the file's name up to the first dot. */
function describedIn(file: string): { name?: string; description?: { name: string } } {
	const exported = load(`./${file}`) as Record<string, new () => { name?: string; description?: { name: string } }>;
	const Described = exported[basename(file).split('.')[0] as string];
	if (!Described) throw new Error(`${file} exports no class of its own name.`);
	return new Described();
}

function typeName({ name, description }: ReturnType<typeof describedIn>): string {
	return description ? `${listed.name}.${description.name}` : String(name);
}

describe('the packed package in a real n8n', () => {
	let council: CouncilN8n;

	beforeAll(async () => {
		council = await startCouncilN8n();
	});

	afterAll(async () => {
		await council?.remove();
	});

	it('is installed with the steps of n8n\'s installer and without the network', async () => {
		const nodes = join(council.userFolder, '.n8n', 'nodes');
		const installed = await readManifest(join(nodes, 'node_modules', listed.name, 'package.json'));
		expect(installed).not.toHaveProperty('devDependencies');
		expect(installed).not.toHaveProperty('peerDependencies');
		expect(installed.dependencies ?? {}).toEqual({});
		expect((await readManifest(join(nodes, 'package.json'))).dependencies).toEqual({ [listed.name]: installed.version });
	});

	it('loads every node that package.json lists, and no other of ours', async () => {
		const wanted = listed.n8n.nodes.map(describedIn).map(typeName);
		const loaded = (await council.rest.nodeTypes()).map((type) => type.name);
		const ours = [...new Set(loaded.filter((name) => name.startsWith(`${listed.name}.`)))];
		expect(wanted.length).toBeGreaterThan(0);
		expect(ours.sort()).toEqual(wanted.sort());
	});

	it('loads every credential that package.json lists', async () => {
		const wanted = listed.n8n.credentials.map(describedIn).map(typeName);
		const loaded = (await council.rest.credentialTypes()).map((type) => type.name);
		expect(wanted.length).toBeGreaterThan(0);
		expect(loaded).toEqual(expect.arrayContaining(wanted));
	});

	it('shows an icon for every node and credential, light and dark', async () => {
		const types = [...(await council.rest.nodeTypes()), ...(await council.rest.credentialTypes())];
		const names = [...listed.n8n.nodes, ...listed.n8n.credentials].map(describedIn).map(typeName);
		const icons = names.flatMap((name) => {
			const { light, dark } = (types.find((type) => type.name === name)?.iconUrl ?? {}) as Record<string, string>;
			expect([name, typeof light, typeof dark]).toEqual([name, 'string', 'string']);
			expect(dark).not.toBe(light);
			return [light, dark];
		});
		for (const icon of new Set(icons)) {
			const answer = await fetch(`${council.server.url}/${icon}`);
			expect([icon, answer.status, answer.headers.get('content-type')]).toEqual([icon, 200, expect.stringMatching(/^image\//)]);
		}
	});

	it.each([
		['whatsapp', ['civicWhatsApp', 'civicWhatsAppTrigger']],
		['approval', ['approvalGate']],
		['audit', ['auditLog']],
		['audience', ['audience']],
		['desk', ['civicDeskTrigger']],
	])('is found in the node panel by "%s"', async (word, wanted) => {
		const ours = (await council.rest.nodeTypes()).filter(({ name }) => name.startsWith(`${listed.name}.`));
		expect(ours.filter(({ codex }) => (codex as { categories?: string[] } | undefined)?.categories === undefined)).toEqual([]);
		const found = ours.filter(({ codex }) => (codex as { alias?: string[] }).alias?.includes(word)).map(({ name }) => name.slice(listed.name.length + 1));
		expect(found).toEqual(expect.arrayContaining(wanted));
	});

	it('prints nothing that speaks of trouble with the package while it loads', () => {
		const lines = council.server.logs().split('\n');
		expect(lines.filter((line) => line.includes(listed.name) && /fail|error|could not|unable|skip/i.test(line))).toEqual([]);
	});
});
