'use strict';

const { existsSync } = require('node:fs');
const { mkdir, readFile, writeFile } = require('node:fs/promises');
const { basename, dirname, join } = require('node:path');
const { build } = require('esbuild');
const { BuildStop } = require('./buildStop');
const { needsBundling } = require('./requires');
const { packageOf, sharedFile, vendorFile } = require('./vendorFile');

/**
 * Modules that a package tries to load and does without. They are left out on purpose, so that what goes in does not
 * depend on what else happens to be installed where this package is built.
 */
const leftOut = {
	'supports-color': 'colours in the output of `debug`, which is for terminals',
};

/** Packages of which something goes in that no `require` asks for: the style of the desk's pages. */
const carriedOtherwise = ['node_modules/govuk-frontend'];

/**
 * Bundles third-party modules into `dist/vendor`, one file a module.
 * @param {{ root: string, dist: string, specifiers: string[] }} task
 * @returns {Promise<{ name: string, version: string, licence: string, folder: string, manifest: object }[]>} every npm
 *   package of which code went in, sorted by name and version
 */
async function bundleVendors({ root, dist, specifiers }) {
	await mkdir(join(dist, 'vendor'), { recursive: true });
	const byPackage = groupByPackage(specifiers);
	const folders = new Set(carriedOtherwise);
	for (const [name, modules] of byPackage) {
		const carried = await bundlePackage({ root, dist, name, modules });
		refuseSecondCopies(name, carried, byPackage);
		for (const folder of carried) folders.add(folder);
	}
	await addDependencies(root, folders);
	const packages = await Promise.all([...folders].map((folder) => describePackage(root, folder)));
	return packages.sort((a, b) => compare(a.name, b.name) || compare(a.version, b.version));
}

function groupByPackage(specifiers) {
	const groups = new Map();
	for (const specifier of specifiers) {
		const name = packageOf(specifier);
		groups.set(name, [...(groups.get(name) ?? []), specifier]);
	}
	return groups;
}

/** @returns {Promise<Set<string>>} folders of the npm packages that went in, relative to the root */
async function bundlePackage({ root, dist, name, modules }) {
	const alone = modules.length === 1;
	const { metafile } = await build({
		stdin: { contents: alone ? `module.exports = require(${quote(modules[0])});` : sharedEntry(modules), resolveDir: root },
		outfile: join(dist, alone ? vendorFile(modules[0]) : sharedFile(name)),
		absWorkingDir: root,
		bundle: true,
		format: 'cjs',
		platform: 'node',
		target: 'node24',
		charset: 'utf8',
		external: ['n8n-workflow'],
		preserveSymlinks: true,
		metafile: true,
		logLevel: 'warning',
		plugins: [leaveOut],
	});
	for (const output of Object.values(metafile.outputs)) refuseOpenImports(name, output.imports);
	if (!alone) await Promise.all(modules.map((module) => writeDoor({ dist, name, module })));
	return packageFolders(metafile.inputs);
}

/** Several modules of one package share what lies under them, and each is still loaded only when asked for. */
const sharedEntry = (modules) =>
	`module.exports = {\n${modules.map((module) => `${quote(module)}: () => require(${quote(module)}),\n`).join('')}};`;

function writeDoor({ dist, name, module }) {
	const text = `"use strict";\nmodule.exports = require("./${basename(sharedFile(name), '.js')}")[${quote(module)}]();\n`;
	return writeFile(join(dist, vendorFile(module)), text);
}

const leaveOut = {
	name: 'leave-out',
	setup(bundle) {
		const names = new RegExp(`^(?:${Object.keys(leftOut).join('|')})$`);
		bundle.onResolve({ filter: names }, ({ path }) => ({ path, namespace: 'left-out' }));
		bundle.onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path }) => ({
			contents: `throw Object.assign(new Error(${quote(`${path} is not part of this package`)}), { code: 'MODULE_NOT_FOUND' });`,
		}));
	},
};

function refuseOpenImports(name, imports) {
	const open = imports.map(({ path }) => path).filter(needsBundling);
	if (open.length > 0) throw new BuildStop(`The bundle of ${name} still asks for ${open.join(', ')}, which n8n would not find.`);
}

/** Two copies of one package in a process have two sets of settings and two identities for each class. */
function refuseSecondCopies(name, folders, byPackage) {
	const second = [...folders].map(packageName).find((carried) => carried !== name && byPackage.has(carried));
	if (second !== undefined) throw new BuildStop(`The bundle of ${name} carries a second copy of ${second}, which has one of its own.`);
}

/** `node_modules/a/node_modules/b/lib/c.js` → `node_modules/a/node_modules/b`. */
function packageFolders(inputs) {
	const folders = new Set();
	for (const path of Object.keys(inputs)) {
		const folder = /^((?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
		if (folder !== undefined) folders.add(folder);
	}
	return folders;
}

/**
 * Some packages are published with the code of a dependency inside their own file, where the bundler sees one package
 * only. So every dependency counts: better named in vain than passed on without its licence.
 */
async function addDependencies(root, folders) {
	// A set also yields what is added while it is walked.
	for (const folder of folders) {
		const { dependencies = {} } = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'));
		for (const name of Object.keys(dependencies)) folders.add(dependencyFolder(root, folder, name));
	}
}

/** Where Node would find a dependency: in the nearest `node_modules`, going up. */
function dependencyFolder(root, folder, name) {
	for (let place = folder; ; place = dirname(place)) {
		const found = join(place, 'node_modules', name);
		if (existsSync(join(root, found, 'package.json'))) return found;
		if (place === '.') throw new BuildStop(`${packageName(folder)} depends on ${name}, which is not installed, so its licence cannot be passed on.`);
	}
}

const packageName = (folder) => folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);

async function describePackage(root, folder) {
	const manifest = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'));
	const { name, version, license } = manifest;
	if (typeof license !== 'string') throw new BuildStop(`${name} ${version} names no licence, so it cannot be passed on.`);
	return { name, version, licence: license, folder: join(root, folder), manifest };
}

const quote = (text) => JSON.stringify(text);

const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

module.exports = { bundleVendors };
