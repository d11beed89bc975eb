import { describe, expect, it } from 'vitest';
import { readHostSettings } from '../../../core/store/hostSettings';
import { storeFolder } from '../../../core/store/location';

describe('what n8n’s environment says about the store', () => {
	it('is where n8n’s own folder is', () => {
		expect(storeFolder(undefined, readHostSettings({ N8N_USER_FOLDER: '/srv/n8n' }))).toBe('/srv/n8n/.n8n/civic-comms');
	});

	it.each([
		[undefined, true],
		['true', true],
		['0', true],
		['FALSE', true],
		['false', false],
	])('takes N8N_BLOCK_FILE_ACCESS_TO_N8N_FILES=%s as n8n takes it', (value, blocks) => {
		expect(readHostSettings({ N8N_BLOCK_FILE_ACCESS_TO_N8N_FILES: value }).blocksOwnFiles).toBe(blocks);
	});

	it('tells a list of folders that is empty from one that is not set', () => {
		expect(() => storeFolder('/srv/civic', readHostSettings({ N8N_RESTRICT_FILE_ACCESS_TO: '' }))).toThrow(/can be reached/);
		expect(storeFolder('/srv/civic', readHostSettings({}))).toBe('/srv/civic');
	});

	it('refuses queue mode', () => {
		expect(() => storeFolder(undefined, readHostSettings({ EXECUTIONS_MODE: 'queue' }))).toThrow(/queue mode/);
	});
});
