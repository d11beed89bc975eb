'use strict';

const { mkdirSync, writeFileSync } = require('node:fs');
const { dirname, join, relative, sep } = require('node:path');
const ts = require('typescript');
const { BuildStop } = require('./buildStop');
const { moduleNames, needsBundling } = require('./requires');
const { vendorFile } = require('./vendorFile');

/**
 * Compiles our TypeScript to `dist`, one file for one file, with each `require` of a third-party module pointed at
 * its bundle.
 * @returns {string[]} the third-party module names that now have to be bundled, sorted
 * @throws BuildStop with the compiler's findings, or naming a file and a module that cannot be carried along
 */
function compile({ root, dist }) {
	const program = createProgram(root);
	const specifiers = new Set();
	const { diagnostics, emitSkipped } = program.emit(undefined, (path, text) => {
		// Data files are copied byte for byte by the assets step.
		if (path.endsWith('.json')) return;
		mkdirSync(dirname(path), { recursive: true });
		writeFileSync(path, pointAtVendors({ dist, path, text, specifiers }));
	});
	const findings = ts.sortAndDeduplicateDiagnostics([...ts.getPreEmitDiagnostics(program), ...diagnostics]);
	if (emitSkipped || findings.length > 0) throw new BuildStop(`The sources do not compile:\n${describe(findings, root)}`);
	return [...specifiers].sort();
}

function createProgram(root) {
	const host = {
		...ts.sys,
		onUnRecoverableConfigFileDiagnostic: (finding) => {
			throw new BuildStop(describe([finding], root));
		},
	};
	const config = ts.getParsedCommandLineOfConfigFile(join(root, 'tsconfig.build.json'), {}, host);
	return ts.createProgram(config.fileNames, config.options);
}

function pointAtVendors({ dist, path, text, specifiers }) {
	let rest = text;
	// From the end to the start, so that earlier positions stay right.
	for (const { specifier, kind, start, end } of moduleNames(path, text).reverse()) {
		if (!needsBundling(specifier)) continue;
		if (kind !== 'require') {
			throw new BuildStop(`${relative(dist, path)} uses ${kind} on "${specifier}", which no bundle can answer: import it at the top.`);
		}
		specifiers.add(specifier);
		rest = `${rest.slice(0, start)}"${relativeModule(path, join(dist, vendorFile(specifier)))}"${rest.slice(end)}`;
	}
	return rest;
}

function relativeModule(from, to) {
	const path = relative(dirname(from), to).split(sep).join('/').replace(/\.js$/, '');
	return path.startsWith('.') ? path : `./${path}`;
}

function describe(findings, root) {
	return ts.formatDiagnostics(findings, {
		getCurrentDirectory: () => root,
		getCanonicalFileName: (name) => name,
		getNewLine: () => '\n',
	});
}

module.exports = { compile };
