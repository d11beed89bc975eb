'use strict';

/**
 * Loads an installed package as n8n does at its start and prints what came of it as JSON.
 * Run as: node loadPackage.cjs PROJECT PACKAGE, with NODE_PATH at the modules that n8n provides.
 */

const { createRequire } = require('node:module');
const { join } = require('node:path');

const [, , project, folder] = process.argv;
const fromProject = createRequire(join(project, 'package.json'));
fromProject('reflect-metadata');
const { PackageDirectoryLoader } = fromProject('n8n-core');

async function load() {
	const loader = new PackageDirectoryLoader(folder);
	await loader.loadAll();
	const nodes = loader.types.nodes.map(({ name, displayName, icon, iconUrl, codex, credentials, webhooks }) => ({
		name,
		displayName,
		icon,
		iconUrl,
		codex,
		credentials: (credentials ?? []).map((credential) => credential.name),
		webhooks: webhooks?.length ?? 0,
	}));
	const credentials = loader.types.credentials.map(({ name, displayName, iconUrl, supportedNodes, restrictToSupportedNodes }) => ({
		name,
		displayName,
		iconUrl,
		supportedNodes,
		restrictToSupportedNodes,
	}));
	process.stdout.write(JSON.stringify({ nodes, credentials }));
}

void load();
