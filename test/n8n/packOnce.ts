import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { packPackage } from '../../apps/host/installPackage';
import { ensureN8n } from '../../apps/host/n8nInstallation';

declare module 'vitest' {
	export interface ProvidedContext {
		/** The tarball that `npm pack` makes of the built project: what a council would install. */
		tarball: string;
	}
}

/** Before the first test file: n8n is in the cache and the package is packed, once for all of them. */
export default async function packOnce(project: TestProject): Promise<() => Promise<void>> {
	const folder = await mkdtemp(join(tmpdir(), 'civic-comms-pack-'));
	await ensureN8n();
	project.provide('tarball', await packPackage(project.config.root, folder));
	return () => rm(folder, { recursive: true, force: true });
}
