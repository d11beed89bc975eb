import { defineConfig } from 'vitest/config';

/** Rings one and two. Ring three (a real n8n) has its own configuration. */
export default defineConfig({
	test: {
		projects: [
			{
				test: {
					name: 'core',
					include: ['test/**/*.test.ts'],
					exclude: ['test/nodes/**', 'test/n8n/**', 'node_modules/**'],
					testTimeout: 20_000,
				},
			},
			{
				test: {
					name: 'nodes',
					include: ['test/nodes/**/*.test.ts'],
					globalSetup: ['test/nodes/compilePackage.ts'],
					testTimeout: 30_000,
					hookTimeout: 30_000,
					// n8n's engine takes seconds to load, so the files of a worker share it.
					isolate: false,
				},
			},
		],
	},
});
