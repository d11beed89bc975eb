import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

/** The repository. What is compiled lies inside it, so that it finds the same third-party packages. */
const root = join(__dirname, '..', '..', '..');

export interface CompiledCore {
	/** Holds `core/…` as in a built package: one .js for one .ts. */
	folder: string;
	/** Path of a compiled file, named as in the sources without its ending. */
	file(name: string): string;
	/** Adds a program beside it and gives its path. */
	program(name: string, text: string): string;
	/** The same as one file with all it needs in it, which starts faster. */
	bundled(name: string, text: string): string;
	remove(): void;
}

/** The core as a package ships it, CommonJS file by file, for what needs real threads and real processes. */
export function compileCore(): CompiledCore {
	mkdirSync(join(root, 'build'), { recursive: true });
	const folder = mkdtempSync(join(root, 'build', 'core-'));
	const sources = readdirSync(join(root, 'core'), { recursive: true, encoding: 'utf8' }).filter((name) => /\.(ts|json|css)$/.test(name));
	buildSync({
		absWorkingDir: root,
		entryPoints: sources.map((name) => join('core', name)),
		outbase: '.',
		outdir: folder,
		format: 'cjs',
		platform: 'node',
		target: 'node24',
		loader: { '.json': 'copy', '.css': 'copy' },
		logLevel: 'error',
	});
	return {
		folder,
		file: (name) => join(folder, 'core', `${name}.js`),
		program: (name, text) => {
			writeFileSync(join(folder, name), text);
			return join(folder, name);
		},
		bundled: (name, text) => {
			const outfile = join(folder, name);
			buildSync({ stdin: { contents: text, resolveDir: folder }, outfile, bundle: true, format: 'cjs', platform: 'node', target: 'node24', logLevel: 'error' });
			return outfile;
		},
		remove: () => rmSync(folder, { recursive: true, force: true }),
	};
}
