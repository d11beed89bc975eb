'use strict';

const { builtinModules } = require('node:module');
const ts = require('typescript');

/** What n8n itself provides to the code of a node. */
const hostPackages = new Set(['n8n-workflow']);

/**
 * Node's own modules. `node:sqlite` exists with its prefix only, and only on newer Nodes than the build may run on,
 * so everything that carries the prefix counts.
 */
const isBuiltin = (specifier) => specifier.startsWith('node:') || builtinModules.includes(specifier);

const isRelative = (specifier) => specifier.startsWith('./') || specifier.startsWith('../');

/** True for a module that has to be bundled, because n8n does not install it. */
const needsBundling = (specifier) => !isRelative(specifier) && !isBuiltin(specifier) && !hostPackages.has(specifier);

/**
 * Finds the module names in `require("…")`, `require.resolve("…")` and `import("…")` of one JavaScript file.
 * @returns {{ specifier: string, kind: 'require' | 'resolve' | 'import', start: number, end: number }[]} in order of
 *   appearance; `start` and `end` enclose the string literal, quotes included
 */
function moduleNames(fileName, text) {
	const found = [];
	const visit = (node) => {
		const kind = ts.isCallExpression(node) ? callKind(node.expression) : undefined;
		const name = kind === undefined ? undefined : node.arguments[0];
		if (name !== undefined && ts.isStringLiteralLike(name)) {
			found.push({ specifier: name.text, kind, start: name.getStart(file), end: name.getEnd() });
		}
		ts.forEachChild(node, visit);
	};
	const file = ts.createSourceFile(fileName, text, ts.ScriptTarget.ES2022, false, ts.ScriptKind.JS);
	visit(file);
	return found;
}

function callKind(callee) {
	if (callee.kind === ts.SyntaxKind.ImportKeyword) return 'import';
	if (ts.isIdentifier(callee) && callee.text === 'require') return 'require';
	const resolves =
		ts.isPropertyAccessExpression(callee) &&
		ts.isIdentifier(callee.expression) &&
		callee.expression.text === 'require' &&
		callee.name.text === 'resolve';
	return resolves ? 'resolve' : undefined;
}

module.exports = { moduleNames, needsBundling };
