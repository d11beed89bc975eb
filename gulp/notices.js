'use strict';

const { existsSync } = require('node:fs');
const { readFile, readdir, writeFile } = require('node:fs/promises');
const { join } = require('node:path');
const { BuildStop } = require('./buildStop');

const licenceFile = /^(licen[cs]e|copying|notice)([.-].*)?$/i;
const line = '-'.repeat(80);

/** Writes the licences of all bundled packages, word for word, into `THIRD-PARTY-NOTICES.txt`. */
async function writeNotices({ dist, packages }) {
	const parts = await Promise.all(packages.map(notice));
	const head = 'This package contains the following third-party software, each under its own licence.\n';
	await writeFile(join(dist, 'THIRD-PARTY-NOTICES.txt'), [head, ...parts].join(`\n${line}\n\n`));
}

async function notice({ name, version, licence, folder }) {
	const files = (await readdir(folder)).filter((file) => licenceFile.test(file)).sort();
	const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
	if (texts.length === 0) texts.push((await licenceKeptHere(name)) ?? (await licenceInReadme({ name, version, folder })));
	const body = texts.map(tidy).join('\n\n');
	return `${name} ${version} (${licence})\n\n${body}\n`;
}

const tidy = (text) => text.replaceAll('\r\n', '\n').trim();

/** The licence of a package that is published without its text, as it stands in the package's repository. */
async function licenceKeptHere(name) {
	const file = join(__dirname, 'licences', `${name}.txt`);
	return existsSync(file) ? readFile(file, 'utf8') : undefined;
}

/** Some packages keep their licence as the last chapter of their read-me, under a `#` heading or an underlined one. */
async function licenceInReadme({ name, version, folder }) {
	const file = (await readdir(folder)).find((entry) => /^readme(\.|$)/i.test(entry));
	const text = file === undefined ? '' : (await readFile(join(folder, file), 'utf8')).replaceAll('\r\n', '\n');
	const chapter = /^(?:#+ *licen[cs]e.*|licen[cs]e.*\n[-=]+)\n([\s\S]+)/im.exec(text)?.[1];
	if (chapter !== undefined && /copyright/i.test(chapter)) return chapter;
	throw new BuildStop(`${name} ${version} comes without the text of its licence, so it cannot be passed on.`);
}

module.exports = { writeNotices };
