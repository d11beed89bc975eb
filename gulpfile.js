'use strict';

/**
 * `gulp build` makes `dist`, which is all that is packed: our own files compiled one to one, third-party code bundled
 * beside them (n8n installs a community package without its dependencies), icons, codex and data files, and the
 * notices that the bundled code asks for. The same sources give the same bytes.
 */

const { rm } = require('node:fs/promises');
const { join } = require('node:path');
const { dest, parallel, series, src } = require('gulp');
const { bundleVendors } = require('./gulp/bundle');
const { compile } = require('./gulp/compile');
const { writeGovukStyle } = require('./gulp/govukStyle');
const { writeNotices } = require('./gulp/notices');
const { writeSbom } = require('./gulp/sbom');

const root = __dirname;
const dist = join(root, 'dist');

/** What the compiler does not emit, at the same place under `dist`. */
const assetFiles = ['nodes/**/*.{svg,png,json}', 'credentials/**/*.{svg,png}', 'core/**/*.{json,css}', 'workflows/templates/**/*.json'];

const clean = () => rm(dist, { recursive: true, force: true });

async function code() {
	const specifiers = compile({ root, dist });
	const packages = await bundleVendors({ root, dist, specifiers });
	await writeNotices({ dist, packages });
	await writeSbom({ root, dist, packages });
}

// `encoding: false`: gulp would otherwise read every file as UTF-8 text and damage pictures.
const assets = () => src(assetFiles, { cwd: root, base: root, encoding: false, allowEmpty: true }).pipe(dest(dist));

exports.clean = clean;
/** Renews `core/desk/style/govuk.css`: after another class is used on a page, or govuk-frontend is updated. */
exports.style = () => writeGovukStyle({ root });
exports.build = series(clean, parallel(code, assets));
