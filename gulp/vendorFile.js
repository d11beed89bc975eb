'use strict';

/** `@scope/name/sub/path` → `@scope/name`. */
const packageOf = (specifier) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');

/** Where under `dist` the bundle of a module lies: `csv-parse/sync` → `vendor/csv-parse-sync.js`. */
const vendorFile = (specifier) => `vendor/${specifier.replace(/^@/, '').replaceAll('/', '-')}.js`;

/** Where the one copy of a package lies of which several modules are used. */
const sharedFile = (packageName) => vendorFile(packageName).replace(/\.js$/, '.package.js');

module.exports = { packageOf, sharedFile, vendorFile };
