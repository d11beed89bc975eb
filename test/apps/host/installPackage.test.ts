import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installPackage, packPackage, readManifest } from '../../../apps/host/installPackage';

const manifest = {
	name: 'n8n-nodes-lamp-post',
	version: '1.2.3',
	license: 'MIT',
	files: ['dist'],
	n8n: { n8nNodesApiVersion: 1, nodes: ['dist/LampPost.node.js'] },
	scripts: { postinstall: 'touch installed-by-a-script' },
	peerDependencies: { 'n8n-workflow': '*' },
	devDependencies: { 'a-package-that-nobody-published': '1.0.0' },
	optionalDependencies: { 'another-package-that-nobody-published': '1.0.0' },
};

describe('installing a package as n8n does', () => {
	let folder: string;

	beforeEach(async () => {
		folder = await mkdtemp(join(tmpdir(), 'civic-comms-install-'));
	});

	afterEach(async () => {
		await rm(folder, { recursive: true, force: true });
	});

	async function project(fields: Record<string, unknown>): Promise<string> {
		await mkdir(join(folder, 'project', 'dist'), { recursive: true });
		await writeFile(join(folder, 'project', 'package.json'), JSON.stringify({ ...manifest, ...fields }));
		await writeFile(join(folder, 'project', 'dist', 'LampPost.node.js'), 'exports.LampPost = class {};');
		return await packPackage(join(folder, 'project'), join(folder, 'packed'));
	}

	const nodes = () => join(folder, 'user', '.n8n', 'nodes');

	it('unpacks it below the nodes folder, without development fields, scripts or network', async () => {
		const tarball = await project({});
		const installed = await installPackage({ tarball, userFolder: join(folder, 'user'), offline: true });
		expect(installed).toMatchObject({ name: manifest.name, version: '1.2.3' });
		const place = join(nodes(), 'node_modules', manifest.name);
		expect(await readFile(join(place, 'dist', 'LampPost.node.js'), 'utf8')).toContain('LampPost');
		const { devDependencies, peerDependencies, optionalDependencies, ...kept } = manifest;
		expect([devDependencies, peerDependencies, optionalDependencies]).not.toContain(undefined);
		expect(await readManifest(join(place, 'package.json'))).toEqual(kept);
		await expect(readFile(join(place, 'installed-by-a-script'))).rejects.toThrow('ENOENT');
	});

	it('records the version that replaces an older one, beside what else is installed', async () => {
		await mkdir(nodes(), { recursive: true });
		await writeFile(join(nodes(), 'package.json'), JSON.stringify({ dependencies: { 'n8n-nodes-other': '9.9.9' } }));
		await installPackage({ tarball: await project({}), userFolder: join(folder, 'user'), offline: true });
		await installPackage({ tarball: await project({ version: '1.3.0' }), userFolder: join(folder, 'user'), offline: true });
		expect(await readManifest(join(nodes(), 'package.json'))).toEqual({
			name: 'installed-nodes',
			private: true,
			dependencies: { 'n8n-nodes-other': '9.9.9', [manifest.name]: '1.3.0' },
		});
	});

	it('says which package was missing when the tarball needs one from the network', async () => {
		const tarball = await project({ dependencies: { 'a-package-that-nobody-published': '1.0.0' } });
		const installing = installPackage({ tarball, userFolder: join(folder, 'user'), offline: true });
		await expect(installing).rejects.toThrow(/a-package-that-nobody-published/);
	});
});
