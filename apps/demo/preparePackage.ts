import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { say } from '../host/cache.mjs';
import { runCommand } from '../host/command.mjs';
import { installPackage, packPackage } from '../host/installPackage';
import { demoFolder, installedPackageIn, projectFolder, userFolder } from './folders';

/** Everything the tarball is made of. */
const ingredients = ['core', 'nodes', 'credentials', 'apps/adopt', 'gulp', 'index.ts', 'gulpfile.js', 'tsconfig.build.json', 'tsconfig.json', 'package.json', 'package-lock.json', 'LICENSE'];

/** Builds, packs and installs the package as n8n's own installer does, unless exactly this one is there already. */
export async function preparePackage(): Promise<void> {
	const mark = join(demoFolder, 'installed-package');
	const fingerprint = await fingerprintOf(ingredients);
	if (existsSync(installedPackageIn(userFolder)) && (await readIfThere(mark)) === fingerprint) return;
	await mkdir(demoFolder, { recursive: true });
	await rm(mark, { force: true });
	say('Building the package …');
	await runCommand('npm', ['run', '--silent', 'build'], { cwd: projectFolder, progress: 'Building the package' });
	const packFolder = join(demoFolder, 'pack');
	await rm(packFolder, { recursive: true, force: true });
	await mkdir(packFolder, { recursive: true });
	const tarball = await packPackage(projectFolder, packFolder);
	say('Installing the package as n8n does …');
	await installPackage({ tarball, userFolder, offline: true });
	await writeFile(mark, fingerprint);
}

async function fingerprintOf(paths: string[]): Promise<string> {
	const hash = createHash('sha256');
	for (const path of paths) {
		for (const file of await filesOf(join(projectFolder, path))) hash.update(file.slice(projectFolder.length)).update('\0').update(await readFile(file));
	}
	return hash.digest('hex');
}

async function filesOf(path: string): Promise<string[]> {
	if (!existsSync(path)) return [];
	try {
		const entries = await readdir(path, { recursive: true, withFileTypes: true });
		return entries
			.filter((entry) => entry.isFile())
			.map((entry) => join(entry.parentPath, entry.name))
			.sort();
	} catch (cause) {
		if (cause instanceof Error && 'code' in cause && cause.code === 'ENOTDIR') return [path];
		throw cause;
	}
}

async function readIfThere(path: string): Promise<string | undefined> {
	return existsSync(path) ? readFile(path, 'utf8') : undefined;
}
