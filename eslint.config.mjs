import js from '@eslint/js';
import { n8nCommunityNodesPlugin } from '@n8n/eslint-plugin-community-nodes';
import importX from 'eslint-plugin-import-x';
import nodesBase from 'eslint-plugin-n8n-nodes-base';
import tseslint from 'typescript-eslint';
import { arrowZones, placeResolver } from './eslint.arrows.mjs';

const sources = ['index.ts', 'core/**/*.ts', 'nodes/**/*.ts', 'credentials/**/*.ts', 'apps/**/*.ts'];
const typed = [...sources, 'test/**/*.ts', 'bench/**/*.ts'];

/** Names that Node gives to every module, for plain JavaScript; in TypeScript the compiler knows them. */
const nodeGlobals = Object.fromEntries(
	['AbortController', 'AbortSignal', 'Buffer', 'TextDecoder', 'TextEncoder', 'URL', 'URLSearchParams', 'clearInterval']
		.concat(['clearTimeout', 'console', 'fetch', 'process', 'setImmediate', 'setInterval', 'setTimeout', 'structuredClone'])
		.map((name) => [name, 'readonly']),
);

const commonJsGlobals = { __dirname: 'readonly', __filename: 'readonly', exports: 'writable', module: 'writable', require: 'readonly' };

const browserGlobals = Object.fromEntries(
	['Event', 'EventSource', 'FormData', 'document', 'history', 'localStorage', 'location', 'navigator', 'performance', 'requestAnimationFrame', 'window'].map((name) => [name, 'readonly']),
);

/** The rules about who may import whom do not look into the brackets of a type. */
const importedAtTheTop = { selector: 'TSImportType', message: 'Import it at the top, where the arrows are held.' };

/** Time, chance and settings are passed into the core, so that every rule of it can be tested without waiting. */
const worldIsPassedIn = {
	'no-restricted-properties': [
		'error',
		{ object: 'Date', property: 'now', message: 'Take a Clock.' },
		{ object: 'performance', property: 'now', message: 'Take a Clock.' },
		{ object: 'Math', property: 'random', message: 'Take a Random.' },
		{ object: 'process', property: 'env', message: 'Take the setting as a parameter; adapters read the environment.' },
		{ object: 'DateTime', property: 'now', message: 'Take a Clock, and name the zone: n8n changes the default zone of luxon.' },
		{ object: 'DateTime', property: 'local', message: 'Name the zone: n8n changes the default zone of luxon.' },
	],
	'no-restricted-syntax': [
		'error',
		importedAtTheTop,
		// What no-restricted-imports refuses at the top, asked for later.
		{ selector: 'ImportExpression[source.value=/^(n8n|@n8n)/]', message: 'The core knows nothing of n8n; the nodes translate.' },
		{ selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Take a Clock.' },
		{ selector: "CallExpression[callee.object.name='DateTime'][callee.property.name='utc'][arguments.length=0]", message: 'Take a Clock.' },
	],
	'no-restricted-globals': ['error', { name: 'crypto', message: 'Take a Random, or name what you need from node:crypto.' }],
};

const hostIsOutside = { regex: '^(n8n(-|$)|@n8n/)', message: 'The core knows nothing of n8n; the nodes translate.' };

const chance = ['randomBytes', 'randomFill', 'randomFillSync', 'randomInt', 'randomUUID', 'webcrypto'];
const noSettingsNorChance = [
	...['process', 'node:process'].map((name) => ({ name, message: 'Take the setting as a parameter.' })),
	...['crypto', 'node:crypto'].map((name) => ({ name, importNames: chance, message: 'Take a Random.' })),
];

export default tseslint.config(
	{ ignores: ['dist/', 'build/', 'coverage/', 'node_modules/'] },
	{ linterOptions: { reportUnusedDisableDirectives: 'error' } },
	js.configs.recommended,

	{
		files: ['**/*.{ts,mts,cts}'],
		extends: [tseslint.configs.recommended],
		rules: {
			'@typescript-eslint/no-explicit-any': 'error',
			// A name that starts with an underscore is there because a signature asks for it.
			'@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
			'max-lines': ['warn', { max: 300 }],
		},
	},
	{
		files: typed,
		languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
		rules: {
			'@typescript-eslint/no-floating-promises': 'error',
			'@typescript-eslint/no-misused-promises': 'error',
		},
	},
	{
		files: ['**/*.{js,cjs,mjs}'],
		languageOptions: { ecmaVersion: 2024, globals: nodeGlobals },
		rules: { 'max-lines': ['warn', { max: 300 }] },
	},
	{
		files: ['**/*.{js,cjs}'],
		languageOptions: { sourceType: 'commonjs', globals: commonJsGlobals },
	},

	{
		// What the sandbox sends to a browser.
		files: ['apps/sandbox/phones/browser/*.js'],
		languageOptions: { sourceType: 'module', globals: browserGlobals },
	},

	// What speaks to a terminal are the programs in apps, the build and the benches; a node speaks through n8n.
	{ files: ['index.ts', 'core/**', 'nodes/**', 'credentials/**'], rules: { 'no-console': 'error' } },

	// The arrows of the design.
	{
		files: ['**/*.{ts,mts,cts,js,mjs,cjs}'],
		plugins: { 'import-x': importX },
		settings: { 'import-x/resolver-next': [placeResolver] },
		rules: { 'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones: arrowZones }] },
	},
	{ files: sources, rules: { 'no-restricted-syntax': ['error', importedAtTheTop] } },
	{
		files: ['core/**/*.ts'],
		rules: {
			...worldIsPassedIn,
			'@typescript-eslint/no-non-null-assertion': 'error',
			'no-restricted-imports': ['error', { patterns: [hostIsOutside], paths: noSettingsNorChance }],
		},
	},
	{
		// The clock and the random source themselves.
		files: ['core/world.ts'],
		rules: { 'no-restricted-properties': 'off', 'no-restricted-imports': ['error', { patterns: [hostIsOutside] }] },
	},
	{
		// Node's agent takes the proxy settings as a whole environment, and there is only one.
		files: ['core/whatsapp/connection.ts'],
		rules: { 'no-restricted-properties': 'off' },
	},
	{
		// The worker loads its commands from a path that it is given, so that the store depends on no part of the domain.
		files: ['core/store/sqlite/worker.ts'],
		rules: { '@typescript-eslint/no-require-imports': 'off' },
	},

	// n8n's rules for community packages, profile for self-hosted n8n: without the two rules that keep a node away from
	// files, timers and the process, which a node with a database of its own needs.
	{
		files: ['package.json', 'nodes/**/*.ts', 'credentials/**/*.ts'],
		extends: [n8nCommunityNodesPlugin.configs.recommendedWithoutN8nCloudSupport],
	},
	{
		files: ['package.json'],
		languageOptions: { parser: tseslint.parser, parserOptions: { extraFileExtensions: ['.json'] } },
		plugins: { 'n8n-nodes-base': nodesBase },
		rules: nodesBase.configs.community.rules,
	},
	{
		files: ['credentials/**/*.ts'],
		plugins: { 'n8n-nodes-base': nodesBase },
		rules: {
			...nodesBase.configs.credentials.rules,
			// Meant for n8n's own credentials, whose address is a word in camel case. A community package gives a URL, which
			// credential-documentation-url of the set above sees to.
			'n8n-nodes-base/cred-class-field-documentation-url-miscased': 'off',
		},
	},
	{
		files: ['nodes/**/*.ts'],
		plugins: { 'n8n-nodes-base': nodesBase },
		rules: {
			...nodesBase.configs.nodes.rules,
			// These two ask for the literal ['main'], which n8n's own set (node-connection-type-literal) forbids, and know
			// no node with several outputs.
			'n8n-nodes-base/node-class-description-inputs-wrong-regular-node': 'off',
			'n8n-nodes-base/node-class-description-outputs-wrong': 'off',
		},
	},
);
