import { defineConfig } from 'vitest/config';

/** Rings one and two. Ring three (a real n8n) has its own configuration. */
export default defineConfig({
	test: {
		include: ['test/**/*.test.ts'],
		exclude: ['test/n8n/**', 'node_modules/**'],
		globalSetup: ['test/nodes/compilePackage.ts'],
		testTimeout: 20_000,
	},
});
