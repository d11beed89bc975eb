'use strict';

const { readFile, readdir, writeFile } = require('node:fs/promises');
const { join } = require('node:path');
const postcss = require('postcss');
const { BuildStop } = require('./buildStop');

const source = 'node_modules/govuk-frontend/dist/govuk/govuk-frontend.min.css';
const target = 'core/desk/style/govuk.css';

/** The typeface of GOV.UK is licensed for that site only; elsewhere its guidance asks for Arial or Helvetica. */
const ownTypeface = /GDS Transport,/g;

/**
 * The rules of govuk-frontend that the desk's pages use, out of some 130 kB. The pages carry their style themselves, so
 * every byte is sent with every page.
 * @returns {Promise<string>} CSS, a rule a line
 */
async function govukStyle({ root }) {
	const used = await usedClasses(join(root, 'core/desk'));
	const sheet = postcss.parse(await readFile(join(root, source), 'utf8'));
	const { version } = JSON.parse(await readFile(join(root, 'node_modules/govuk-frontend/package.json'), 'utf8'));
	sheet.walkComments((comment) => void comment.remove());
	sheet.walkAtRules(/^(charset|font-face)$/, (rule) => void rule.remove());
	sheet.walkRules((rule) => {
		if (rule.selector === ':root') return;
		const kept = rule.selectors.filter((selector) => isUsed(selector, used));
		if (kept.length === 0) rule.remove();
		else rule.selectors = kept;
	});
	removeUnread(sheet);
	removeEmpty(sheet);
	const rules = sheet.nodes.map((node) => node.toString().replace(ownTypeface, '').trim());
	const text = [`/*! govuk-frontend ${version}, MIT licence, (c) Crown copyright */`, ...rules, ''].join('\n');
	if (/url\(|GDS/.test(text)) throw new BuildStop(`The rules taken from ${source} load a file or name a typeface that is not ours to use.`);
	return text;
}

/** Class names are found as words, so a page must write them out whole. */
async function usedClasses(folder) {
	const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.ts'));
	const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
	return new Set(texts.flatMap((text) => text.match(/\bgovuk-[\w-]+/g) ?? []));
}

function isUsed(selector, used) {
	const classes = [...selector.matchAll(/\.(-?[a-z_][\w-]*)/gi)].map(([, name]) => name);
	return classes.length > 0 && classes.every((name) => used.has(name));
}

/** Custom properties that no kept rule reads. */
function removeUnread(sheet) {
	const read = new Set();
	sheet.walkDecls(({ value }) => {
		for (const [, name] of value.matchAll(/var\((--[\w-]+)/g)) read.add(name);
	});
	sheet.walkRules(':root', (rule) => {
		rule.each((declaration) => {
			if (!read.has(declaration.prop)) declaration.remove();
		});
	});
}

function removeEmpty(sheet) {
	sheet.walk((node) => {
		for (let empty = node; empty.type !== 'root' && empty.nodes?.length === 0; ) {
			const { parent } = empty;
			empty.remove();
			empty = parent;
		}
	});
}

async function writeGovukStyle({ root }) {
	await writeFile(join(root, target), await govukStyle({ root }));
}

module.exports = { govukStyle, writeGovukStyle };
