'use strict';

const { readFile, writeFile } = require('node:fs/promises');
const { join } = require('node:path');

/**
 * Writes `sbom.cdx.json` (CycloneDX 1.6): what went into the bundles, not what a lock file lists. It carries no time and
 * no serial number, both optional, so that the same sources give the same bytes.
 */
async function writeSbom({ root, dist, packages }) {
	const own = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
	const subject = component({ name: own.name, version: own.version, licence: own.license, manifest: own });
	const components = packages.map(component);
	const sbom = {
		$schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
		bomFormat: 'CycloneDX',
		specVersion: '1.6',
		version: 1,
		metadata: { component: subject },
		components,
		dependencies: dependencies(subject, packages),
	};
	await writeFile(join(dist, 'sbom.cdx.json'), `${JSON.stringify(sbom, null, '\t')}\n`);
}

function component({ name, version, licence, manifest }) {
	return {
		type: 'library',
		'bom-ref': purl(name, version),
		name,
		version,
		...(manifest.description ? { description: manifest.description } : {}),
		// A single SPDX identifier and an SPDX expression have different places in the format.
		licenses: [/[ ()]/.test(licence) ? { expression: licence } : { license: { id: licence } }],
		purl: purl(name, version),
	};
}

/** Package URL of the npm kind: the `@` of a scope is percent-encoded, its slash is not. */
const purl = (name, version) => `pkg:npm/${name.replace('@', '%40')}@${version}`;

/** Who needs whom, among what was bundled. A name stands for one version unless two versions went in. */
function dependencies(subject, packages) {
	const refs = (names) => packages.filter(({ name }) => names.has(name)).map(({ name, version }) => purl(name, version));
	const needs = packages.map(({ name, version, manifest }) => ({
		ref: purl(name, version),
		dependsOn: refs(new Set(Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies }))),
	}));
	const needed = new Set(needs.flatMap(({ dependsOn }) => dependsOn));
	const direct = needs.map(({ ref }) => ref).filter((ref) => !needed.has(ref));
	return [{ ref: subject['bom-ref'], dependsOn: direct }, ...needs];
}

module.exports = { writeSbom };
