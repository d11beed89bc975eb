import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { npmEnvironment, runCommand } from './command.mjs';

/** The part of a package.json that installing looks at. */
export interface PackageManifest {
	name: string;
	version: string;
	n8n?: { nodes?: string[]; credentials?: string[] };
	[field: string]: unknown;
}

export interface PackageInstallation {
	/** The tarball that `npm pack` made. */
	tarball: string;
	/** n8n's user folder: the one that holds `.n8n`. */
	userFolder: string;
	/** Forbids npm the network, which proves that the tarball needs nothing from it. */
	offline?: boolean;
	/** Environment of npm and tar; by default our own without what `npm run` adds. */
	env?: NodeJS.ProcessEnv;
}

/** The flags of n8n's own installer (`community-packages.service.js` in n8n 2.41), in its order. */
const INSTALLER_FLAGS = [
	'--audit=false',
	'--fund=false',
	'--bin-links=false',
	'--install-strategy=shallow',
	'--ignore-scripts=true',
	'--package-lock=false',
];

/** Fields that n8n's installer removes before it lets npm look at the package. */
const STRIPPED_FIELDS = new Set(['devDependencies', 'peerDependencies', 'optionalDependencies']);

/** Packs a built project into `into` and returns the path of the tarball. */
export async function packPackage(projectFolder: string, into: string): Promise<string> {
	await mkdir(into, { recursive: true });
	const flags = ['--ignore-scripts', '--json', '--loglevel=error', '--pack-destination', into];
	const printed: unknown = JSON.parse(await runCommand('npm', ['pack', ...flags], { cwd: projectFolder }));
	const packed = (printed as Array<{ filename: string }>)[0];
	if (!packed) throw new Error(`npm pack named no tarball for ${projectFolder}.`);
	return join(into, packed.filename);
}

/**
 * Installs a tarball the way n8n does when somebody types its name under Settings > Community nodes: unpacked
 * below `.n8n/nodes`, development fields removed, npm with n8n's flags. A package already there is replaced.
 * n8n finds it at its next start. What is not done: the rows by which n8n lists it under Settings.
 */
export async function installPackage(installation: PackageInstallation): Promise<PackageManifest> {
	const { tarball, userFolder } = installation;
	const nodesFolder = join(userFolder, '.n8n', 'nodes');
	const env = { ...(installation.env ?? npmEnvironment()), ...(installation.offline ? { npm_config_offline: 'true' } : {}) };
	const name = await packedName(tarball, env);
	const packageFolder = join(nodesFolder, 'node_modules', name);
	await rm(packageFolder, { recursive: true, force: true });
	await mkdir(packageFolder, { recursive: true });
	await runCommand('tar', ['-xzf', tarball, '-C', packageFolder, '--strip-components=1'], { cwd: nodesFolder, env });
	const manifest = await stripManifest(packageFolder);
	await runCommand('npm', ['install', ...INSTALLER_FLAGS], { cwd: packageFolder, env });
	await recordInstalled(nodesFolder, manifest);
	return manifest;
}

async function packedName(tarball: string, env: NodeJS.ProcessEnv): Promise<string> {
	const manifest = await runCommand('tar', ['-xzOf', tarball, 'package/package.json'], { cwd: '/', env });
	return (JSON.parse(manifest) as PackageManifest).name;
}

async function stripManifest(packageFolder: string): Promise<PackageManifest> {
	const path = join(packageFolder, 'package.json');
	const manifest = await readManifest(path);
	const kept = Object.fromEntries(Object.entries(manifest).filter(([field]) => !STRIPPED_FIELDS.has(field)));
	await writeFile(path, JSON.stringify(kept, null, 2));
	return manifest;
}

/** n8n keeps a private package of its own that pins every package it installed. */
async function recordInstalled(nodesFolder: string, { name, version }: PackageManifest): Promise<void> {
	const path = join(nodesFolder, 'package.json');
	const before = existsSync(path) ? (await readManifest(path)).dependencies : {};
	const record = { name: 'installed-nodes', private: true, dependencies: { ...(before as object), [name]: version } };
	await writeFile(path, JSON.stringify(record, null, 2));
}

export async function readManifest(path: string): Promise<PackageManifest> {
	return JSON.parse(await readFile(path, 'utf8')) as PackageManifest;
}
