import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { installPackage, type PackageManifest } from '../../apps/host/installPackage';
import { N8nRest, type Owner } from '../../apps/host/n8nRest';
import { startN8n, type N8nServer } from '../../apps/host/n8nServer';

export const owner: Owner = {
	email: 'owner@aldersea.example',
	firstName: 'Ada',
	lastName: 'Marsh',
	password: 'Aldersea-Borough-1',
};

/** A council's n8n with the package installed from its tarball, in a user folder of its own. */
export interface CouncilN8n {
	server: N8nServer;
	rest: N8nRest;
	userFolder: string;
	manifest: PackageManifest;
	/** Starts it again at the same address after `server.stop()` or `server.kill()`, and signs in anew. */
	restart(): Promise<void>;
	/** Stops it and removes the user folder. */
	remove(): Promise<void>;
}

export async function startCouncilN8n(env: NodeJS.ProcessEnv = {}): Promise<CouncilN8n> {
	const userFolder = await mkdtemp(join(tmpdir(), 'civic-comms-n8n-'));
	const manifest = await installPackage({ tarball: inject('tarball'), userFolder, offline: true });
	const server = await startN8n({ userFolder, env });
	const council: CouncilN8n = {
		server,
		rest: await N8nRest.signIn(server.url, owner),
		userFolder,
		manifest,
		async restart() {
			council.server = await startN8n({ userFolder, env, port: server.port });
			council.rest = await N8nRest.signIn(council.server.url, owner);
		},
		async remove() {
			await council.server.stop();
			await rm(userFolder, { recursive: true, force: true });
		},
	};
	return council;
}
