import { join } from 'node:path';

/** The project this demo belongs to. */
export const projectFolder = join(__dirname, '..', '..');

/** What the demo keeps from one start to the next. Delete it to begin anew. */
export const demoFolder = join(projectFolder, '.demo');

/** n8n's user folder. */
export const userFolder = join(demoFolder, 'n8n');

/** Where the package keeps its store unless told otherwise. */
export const storeFolder = join(userFolder, '.n8n', 'civic-comms');

export const installedPackage = join(userFolder, '.n8n', 'nodes', 'node_modules', 'n8n-nodes-civic-comms');

export const workflowsFolder = join(projectFolder, 'workflows');
