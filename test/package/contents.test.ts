import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, symlink } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installPackage, packPackage, type PackageManifest } from '../../apps/host/installPackage';

const run = promisify(execFile);
const root = resolve(__dirname, '../..');
const built = ['index.ts', 'core', 'nodes', 'credentials', 'apps', 'workflows', 'gulp', 'gulpfile.js', '.gulp.js', 'LICENSE', 'README.md']
	.concat(['package.json', 'tsconfig.json', 'tsconfig.build.json'])
	.filter((name) => existsSync(join(root, name)));

/** What a step of the build makes without a source of the same name. */
const generated = [/^vendor\/[\w.-]+\.js$/, /^THIRD-PARTY-NOTICES\.txt$/, /^sbom\.cdx\.json$/];

/** Programs and the worker act when they are loaded; their own tests load them. */
const actsWhenLoaded = (file: string) => file.startsWith('apps/') || file.endsWith('/worker.js');

let place: string;
let tarball: string;
let packageFolder: string;
let manifest: PackageManifest;
let files: string[];

/** Builds a copy, so that whoever uses `dist` at the same time keeps it. */
async function buildCopy(name: string): Promise<string> {
	const copy = join(place, name);
	await mkdir(copy);
	await Promise.all(built.map((entry) => cp(join(root, entry), join(copy, entry), { recursive: true })));
	await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
	await run(process.execPath, ['node_modules/gulp/bin/gulp.js', 'build'], { cwd: copy });
	return copy;
}

async function filesBelow(folder: string): Promise<string[]> {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	const paths = entries.filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)));
	return paths.sort();
}

const digest = async (path: string) => createHash('sha256').update(await readFile(path)).digest('hex');

/** Only what n8n itself provides to a node, and nothing of what this project has installed. */
async function hostModules(): Promise<NodeJS.ProcessEnv> {
	const modules = join(place, 'host-modules');
	await mkdir(modules, { recursive: true });
	if (!existsSync(join(modules, 'n8n-workflow'))) await symlink(join(root, 'node_modules/n8n-workflow'), join(modules, 'n8n-workflow'));
	return { PATH: process.env.PATH, HOME: place, NODE_PATH: modules, NODE_ENV: 'production' };
}

beforeAll(async () => {
	place = await mkdtemp(join(tmpdir(), 'civic-package-'));
	tarball = await packPackage(await buildCopy('first'), join(place, 'packed'));
	const userFolder = join(place, 'user');
	manifest = await installPackage({ tarball, userFolder, offline: true });
	packageFolder = join(userFolder, '.n8n/nodes/node_modules', manifest.name);
	files = await filesBelow(packageFolder);
}, 300_000);

afterAll(() => rm(place, { recursive: true, force: true }));

const inDist = () => files.filter((file) => file.startsWith('dist/')).map((file) => file.slice('dist/'.length));

describe('the packed package', () => {
	it('holds dist, the licence and what npm always adds, and nothing else', () => {
		const outside = files.filter((file) => !file.startsWith('dist/'));
		expect(['LICENSE', 'README.md', 'package.json']).toEqual(expect.arrayContaining(outside));
		expect(outside).toContain('LICENSE');
	});

	it('holds no file without a source or a step that makes it', () => {
		const orphans = inDist().filter((file) => {
			const source = join(root, file.replace(/\.js$/, '.ts'));
			return !existsSync(source) && !generated.some((pattern) => pattern.test(file));
		});
		expect(orphans).toEqual([]);
	});

	it('holds no sources, tests, maps or programs of the workshop', () => {
		const strangers = inDist().filter((file) => /(\.tsx?|\.map|\.tsbuildinfo|\.test\.js)$|^(test|bench|gulp)\/|^apps\/(?!adopt\/)/.test(file));
		expect(strangers).toEqual([]);
	});

	it('asks for no dependency, script or program to be installed', () => {
		expect(Object.keys(manifest.dependencies ?? {})).toEqual([]);
		expect(manifest).not.toHaveProperty('bin');
		expect(manifest).not.toHaveProperty('overrides');
	});

	it('lists every node and credential there is', async () => {
		const sources = (await filesBelow(join(root, 'nodes'))).filter((file) => file.endsWith('.node.ts'));
		expect([...(manifest.n8n?.nodes ?? [])].sort()).toEqual(sources.map((file) => `dist/nodes/${file.replace(/\.ts$/, '.js')}`));
		const credentials = (await readdir(join(root, 'credentials'))).filter((file) => file.endsWith('.ts')).sort();
		expect([...(manifest.n8n?.credentials ?? [])].sort()).toEqual(credentials.map((file) => `dist/credentials/${file.replace(/\.ts$/, '.js')}`));
	});

	it('carries codex and both icons of every listed node, byte for byte', async () => {
		for (const node of manifest.n8n?.nodes ?? []) {
			const name = basename(node, '.node.js');
			const icon = name.charAt(0).toLowerCase() + name.slice(1);
			for (const file of [`${name}.node.json`, `${icon}.svg`, `${icon}.dark.svg`]) {
				const path = join(dirname(node), file);
				expect(await digest(join(packageFolder, path)), path).toBe(await digest(join(root, path.replace(/^dist\//, ''))));
			}
		}
	});

	it('requires only Node itself, what n8n provides, and files that are there', async () => {
		const missing: string[] = [];
		for (const file of inDist().filter((name) => name.endsWith('.js'))) {
			const path = join(packageFolder, 'dist', file);
			for (const [, name = ''] of (await readFile(path, 'utf8')).matchAll(/\brequire\("([^"]+)"\)/g)) {
				const known = name.startsWith('node:') || builtinModules.includes(name) || name === 'n8n-workflow';
				const there = name.startsWith('.') && ['', '.js', '.json'].some((end) => existsSync(resolve(dirname(path), name + end)));
				if (!known && !there) missing.push(`${file}: ${name}`);
			}
		}
		expect(missing).toEqual([]);
	});

	it('loads file by file with nothing installed beside it', async () => {
		const modules = inDist().filter((file) => file.endsWith('.js') && !actsWhenLoaded(file));
		expect(modules.length).toBeGreaterThan(0);
		const paths = modules.map((file) => join(packageFolder, 'dist', file));
		const { stderr } = await run(process.execPath, [join(__dirname, 'requireEach.cjs'), ...paths], { env: await hostModules() });
		expect(stderr).toBe('');
	});

	it('is the same, byte for byte, when it is built again at another place', async () => {
		const again = await packPackage(await buildCopy('second'), join(place, 'packed-again'));
		expect(await digest(again)).toBe(await digest(tarball));
	}, 300_000);
});

describe('the bill of materials', () => {
	interface Component {
		name: string;
		version: string;
		purl: string;
		licenses: unknown[];
	}
	const sbom = async () => JSON.parse(await readFile(join(packageFolder, 'dist/sbom.cdx.json'), 'utf8')) as { specVersion: string; components: Component[] };

	it('names every bundled package with its version, licence and package URL', async () => {
		const { specVersion, components } = await sbom();
		expect(specVersion).toBe('1.6');
		for (const { name, version, purl, licenses } of components) {
			expect(purl).toBe(`pkg:npm/${name.replace('@', '%40')}@${version}`);
			expect(licenses).toHaveLength(1);
			const installed = JSON.parse(await readFile(join(root, 'node_modules', name, 'package.json'), 'utf8')) as Component;
			expect(installed.name).toBe(name);
		}
		const vendors = inDist().flatMap((file) => /^vendor\/(\w+)/.exec(file)?.[1] ?? []);
		for (const vendor of vendors) expect(components.some(({ name }) => name.replace('@', '').startsWith(vendor)), vendor).toBe(true);
	});

	it('names what a bundled package depends on, because some are published with the code of others inside', async () => {
		const { components } = await sbom();
		const names = new Set(components.map(({ name }) => name));
		for (const name of names) {
			const { dependencies = {} } = JSON.parse(await readFile(join(root, 'node_modules', name, 'package.json'), 'utf8')) as { dependencies?: object };
			expect([name, Object.keys(dependencies).filter((needed) => !names.has(needed))]).toEqual([name, []]);
		}
	});

	it('names what the pages of the desk take their look from, with the licence that is published apart from it', async () => {
		const { components } = await sbom();
		expect(components.map(({ name }) => name)).toContain('govuk-frontend');
		expect(await readFile(join(packageFolder, 'dist/core/desk/style/govuk.css'), 'utf8')).toMatch(/^\/\*! govuk-frontend/);
		const notices = await readFile(join(packageFolder, 'dist/THIRD-PARTY-NOTICES.txt'), 'utf8');
		expect(notices).toMatch(/govuk-frontend [\d.]+ \(MIT\)\n\nThe MIT License[^]*?Crown Copyright[^]*?Permission is hereby granted/);
	});

	it('agrees with the notices, which hold a copyright line for each', async () => {
		const notices = await readFile(join(packageFolder, 'dist/THIRD-PARTY-NOTICES.txt'), 'utf8');
		const [, ...parts] = notices.split(`\n${'-'.repeat(80)}\n\n`);
		const { components } = await sbom();
		expect(parts.map((part) => part.slice(0, part.indexOf(' (')))).toEqual(components.map(({ name, version }) => `${name} ${version}`));
		for (const part of parts) expect(part).toMatch(/copyright/i);
	});
});

describe("n8n's own loader", () => {
	interface Loaded {
		nodes: Array<{ name: string; codex?: { categories?: string[]; alias?: string[] }; iconUrl?: { light: string; dark: string }; credentials: string[] }>;
		credentials: Array<{ name: string; iconUrl?: { light: string; dark: string }; supportedNodes: string[]; restrictToSupportedNodes?: boolean }>;
	}
	let loaded: Loaded;

	beforeAll(async () => {
		const { stdout } = await run(process.execPath, [join(__dirname, 'loadPackage.cjs'), root, packageFolder], { env: await hostModules() });
		loaded = JSON.parse(stdout) as Loaded;
	}, 120_000);

	const iconsOf = (iconUrl: { light: string; dark: string } | undefined) =>
		[iconUrl?.light, iconUrl?.dark].map((url) => join(packageFolder, (url ?? '').replace(`icons/${manifest.name}/`, '')));

	it('loads every listed node, with its codex and both icons', () => {
		const listed = (manifest.n8n?.nodes ?? []).map((path) => basename(path, '.node.js')).map((name) => name.charAt(0).toLowerCase() + name.slice(1));
		// n8n adds variants of a node (a tool, a human review) under names of its own.
		expect(loaded.nodes.map(({ name }) => name)).toEqual(expect.arrayContaining(listed));
		for (const node of loaded.nodes.filter(({ name }) => listed.includes(name))) {
			expect(node.codex?.categories?.length, node.name).toBeGreaterThan(0);
			expect(node.codex?.alias?.length, node.name).toBeGreaterThan(0);
			for (const icon of iconsOf(node.iconUrl)) expect(existsSync(icon), icon).toBe(true);
		}
	});

	it('loads both credentials, which only nodes of this package may open', () => {
		expect(loaded.credentials.map(({ name }) => name).sort()).toEqual(['civicStoreApi', 'civicWhatsAppApi']);
		for (const credential of loaded.credentials) {
			expect(credential.restrictToSupportedNodes).toBe(true);
			const users = loaded.nodes.filter(({ credentials }) => credentials.includes(credential.name)).map(({ name }) => name);
			expect([...credential.supportedNodes].sort()).toEqual(users.sort());
			for (const icon of iconsOf(credential.iconUrl)) expect(existsSync(icon), icon).toBe(true);
		}
	});
});
