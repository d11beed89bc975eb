import { defineConfig } from 'vitest/config';

/** Ring three: the packed package inside a real n8n. One server at a time; the first run also fetches n8n. */
export default defineConfig({
	test: {
		include: ['test/n8n/**/*.test.ts'],
		globalSetup: ['test/n8n/packOnce.ts'],
		fileParallelism: false,
		testTimeout: 300_000,
		hookTimeout: 1_200_000,
	},
});
