import { mkdirSync, symlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultStoreFolder, storeFolder, type HostSettings } from '../../../core/store/location';
import { scratchFolder } from './scratch';

const plain: HostSettings = { blocksOwnFiles: true };

function code(folder: string | undefined, host: HostSettings): string {
	try {
		return storeFolder(folder, host);
	} catch (thrown) {
		return (thrown as { code: string }).code;
	}
}

describe('where a store lives', () => {
	it('is n8n’s own folder unless told otherwise', () => {
		expect(storeFolder(undefined, plain)).toBe(join(homedir(), '.n8n', 'civic-comms'));
		expect(storeFolder('  ', plain)).toBe(defaultStoreFolder(plain));
		expect(storeFolder('', { ...plain, userFolder: '/srv/n8n' })).toBe('/srv/n8n/.n8n/civic-comms');
		expect(storeFolder('', { ...plain, userFolder: ' ' })).toBe(defaultStoreFolder(plain));
	});

	it('may be any folder that n8n’s file nodes cannot reach', () => {
		expect(storeFolder('/srv/civic', plain)).toBe('/srv/civic');
		expect(storeFolder('/srv/civic', { ...plain, fileAccess: '/srv/files; /srv/civic-2 ;' })).toBe('/srv/civic');
		expect(storeFolder('/srv/files/../civic', { ...plain, fileAccess: '/srv/files' })).toBe('/srv/civic');
	});

	it.each([
		['the folder n8n opens to its file nodes', join(homedir(), '.n8n-files', 'civic'), plain],
		['a listed folder', '/srv/files/civic', { ...plain, fileAccess: '/data;/srv/files' }],
		['a listed folder itself', '/srv/files', { ...plain, fileAccess: '/srv/files/' }],
		['a folder whose name starts with dots', '/srv/files/..civic', { ...plain, fileAccess: '/srv/files' }],
		['a folder listed from the home folder', join(homedir(), 'shared', 'civic'), { ...plain, fileAccess: '~/shared' }],
		['the whole machine', '/srv/civic', { ...plain, fileAccess: '/' }],
		['everything, when the list is empty', '/srv/civic', { ...plain, fileAccess: '' }],
		['everything, when the list holds no folder', '/srv/civic', { ...plain, fileAccess: ' ; ' }],
		['everything, when the list is quotes around nothing', '/srv/civic', { ...plain, fileAccess: '""' }],
	])('may not be %s', (_, folder, host) => {
		expect(code(folder, host)).toBe('store.location');
	});

	it('may be n8n’s own folder although everything else can be reached, as long as n8n keeps its file nodes out of it', () => {
		const wide = { ...plain, fileAccess: '/' };
		expect(code(undefined, wide)).toBe(defaultStoreFolder(plain));
		expect(code(undefined, { ...plain, fileAccess: '' })).toBe(defaultStoreFolder(plain));
		expect(code(undefined, { ...wide, blocksOwnFiles: false })).toBe('store.location');
		expect(code(undefined, { ...plain, fileAccess: '', blocksOwnFiles: false })).toBe('store.location');
		expect(code(undefined, { ...plain, blocksOwnFiles: false })).toBe(defaultStoreFolder(plain));
	});

	it('is refused in queue mode, wherever it is', () => {
		expect(code(undefined, { ...plain, executionsMode: 'queue' })).toBe('store.queue-mode');
		expect(code(undefined, { ...plain, executionsMode: 'regular' })).toBe(defaultStoreFolder(plain));
	});
});

describe('a symbolic link', () => {
	it('does not carry the store into a folder that can be reached', () => {
		const here = scratchFolder();
		mkdirSync(join(here, 'files', 'deep'), { recursive: true });
		symlinkSync(join(here, 'files', 'deep'), join(here, 'innocent'));
		const host = { ...plain, fileAccess: join(here, 'files') };
		expect(code(join(here, 'innocent'), host)).toBe('store.location');
		expect(code(join(here, 'innocent', 'not', 'made', 'yet'), host)).toBe('store.location');
	});

	it('in the list of reachable folders counts as what it points at', () => {
		const here = scratchFolder();
		mkdirSync(join(here, 'real'));
		symlinkSync(join(here, 'real'), join(here, 'listed'));
		expect(code(join(here, 'real', 'civic'), { ...plain, fileAccess: join(here, 'listed') })).toBe('store.location');
		expect(code(join(here, 'listed', 'civic'), { ...plain, fileAccess: join(here, 'listed') })).toBe('store.location');
	});

	it('out of n8n’s own folder loses its protection', () => {
		const here = scratchFolder();
		mkdirSync(join(here, '.n8n'));
		mkdirSync(join(here, 'open'));
		symlinkSync(join(here, 'open'), join(here, '.n8n', 'civic-comms'));
		expect(code(undefined, { userFolder: here, blocksOwnFiles: true, fileAccess: join(here, 'open') })).toBe('store.location');
	});

	it('that n8n’s folder itself is does no harm', () => {
		const here = scratchFolder();
		mkdirSync(join(here, 'volume', '.n8n'), { recursive: true });
		symlinkSync(join(here, 'volume', '.n8n'), join(here, '.n8n'));
		expect(code(undefined, { userFolder: here, blocksOwnFiles: true, fileAccess: '/' })).toBe(join(here, '.n8n', 'civic-comms'));
	});

	it('to nowhere is refused rather than followed later', () => {
		const here = scratchFolder();
		mkdirSync(join(here, 'files'));
		symlinkSync(join(here, 'files', 'later'), join(here, 'dangling'));
		expect(code(join(here, 'dangling'), { ...plain, fileAccess: join(here, 'files') })).toBe('store.location');
	});
});
