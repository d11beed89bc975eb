import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';

/** Where ring two finds the package as n8n would load it: compiled, file for file. Third-party code comes from node_modules. */
export const compiledFolder = 'build/ring-two';

const sources = ['index.ts', 'core', 'nodes', 'credentials'];

/**
 * Before the first test file: compiles what changed. The store's worker is a thread of its own that loads compiled
 * files, so nodes cannot be tested from their sources. Types are checked elsewhere (`npm run types`).
 */
export default function compilePackage(): void {
	const root = join(__dirname, '../..');
	copyData(root);
	const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path));
	const { options } = ts.convertCompilerOptionsFromJson((config as { compilerOptions: unknown }).compilerOptions, root);
	for (const path of sources.flatMap((source) => sourceFiles(join(root, source)))) {
		const target = join(root, compiledFolder, relative(root, path).replace(/\.ts$/, '.js'));
		if (existsSync(target) && statSync(target).mtimeMs >= statSync(path).mtimeMs) continue;
		const { outputText } = ts.transpileModule(readFileSync(path, 'utf8'), {
			fileName: path,
			compilerOptions: { ...options, noEmit: false, module: ts.ModuleKind.CommonJS, moduleResolution: ts.ModuleResolutionKind.Node10 },
		});
		mkdirSync(dirname(target), { recursive: true });
		// Another run may be loading the file at this moment: it sees the old one or the new one, whole.
		const fresh = `${target}.${process.pid}`;
		writeFileSync(fresh, outputText);
		renameSync(fresh, target);
	}
}

/** What the build copies beside the code because the code reads it. */
function copyData(root: string): void {
	const data = ['workflows/templates', ...readdirSync(join(root, 'core'), { recursive: true, encoding: 'utf8' }).filter((name) => /\.(json|css)$/.test(name)).map((name) => join('core', name))];
	for (const path of data) cpSync(join(root, path), join(root, compiledFolder, path), { recursive: true });
}

function sourceFiles(path: string): string[] {
	if (!statSync(path).isDirectory()) return [path];
	return readdirSync(path, { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.ts'))
		.map((name) => join(path, name));
}
