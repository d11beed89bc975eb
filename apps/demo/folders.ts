import { join } from 'node:path';

/** The project this demo belongs to. */
export const projectFolder = join(__dirname, '..', '..');

/** What the demo keeps from one start to the next. Delete it to begin anew. */
export const demoFolder = join(projectFolder, '.demo');

/** The demo's n8n user folder. */
export const userFolder = join(demoFolder, 'n8n');

export const workflowsFolder = join(projectFolder, 'workflows');

/** Where the package keeps its store unless told otherwise. */
export function storeFolderIn(n8nUserFolder: string): string {
	return join(n8nUserFolder, '.n8n', 'civic-comms');
}

export function installedPackageIn(n8nUserFolder: string): string {
	return join(n8nUserFolder, '.n8n', 'nodes', 'node_modules', 'n8n-nodes-civic-comms');
}
