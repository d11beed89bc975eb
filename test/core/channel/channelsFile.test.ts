import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { channelOfFile, fieldDefaults, readChannelsFile, storeFolderOfFile } from '../../../core/channel/channelsFile';
import { parseChannelSettings } from '../../../core/channel/parseSettings';
import { CivicWhatsAppApi } from '../../../credentials/CivicWhatsAppApi.credentials';
import { officeFields } from '../../council/office';

const secrets = /office-access-token|office-app-secret|office-verify-token/;

describe('the file in which IT keeps the channels', () => {
	let folder: string;
	let path: string;
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), 'civic-channels-'));
		path = join(folder, 'channels.json');
	});
	afterEach(() => rmSync(folder, { recursive: true, force: true }));

	const host = () => ({ userFolder: join(folder, 'home'), blocksOwnFiles: true, fileAccess: join(folder, 'for-flows') });
	const write = (content: unknown, mode = 0o600) => {
		writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
		chmodSync(path, mode);
	};
	const read = () => readChannelsFile(path, host());
	const roads = officeFields();
	const youth = officeFields({ channelName: 'Aldersea youth', phoneNumberId: '106540352242999' });

	it('gives the channel that a credential names, by name or by number, as if the credential held it', () => {
		write({ channels: [roads, youth] });
		expect(channelOfFile(read(), { channelName: ' aldersea ALERTS ' })).toEqual(parseChannelSettings(roads));
		expect(channelOfFile(read(), { phoneNumberId: '106540352242999', channelName: 'Anything' })).toEqual(parseChannelSettings(youth));
	});

	it('takes lists as lists, and what the form fills in as filled in', () => {
		const { approvers, services, mode: _mode, graphVersion: _version, ...rest } = roads as { approvers: { approver: unknown }; services: unknown; mode: unknown; graphVersion: unknown };
		write({ channels: [{ ...rest, approvers: approvers.approver, services: [{ name: 'Highways', topics: ['Winter roads', 'Road works, planned'] }] }] });
		const settings = channelOfFile(read(), { channelName: 'Aldersea alerts' });
		expect(settings).toMatchObject({ mode: 'training', graphVersion: 'v26.0', rules: { services: [{ name: 'Highways', topics: ['Winter roads', 'Road works, planned'] }] } });
		expect(settings.rules.approvers).toHaveLength(2);
		expect(services).toBeDefined();
	});

	it('knows every field of the credential, and fills in what its form does', () => {
		const properties = new CivicWhatsAppApi().properties.filter(({ type }) => type !== 'notice');
		write({ channels: [{ ...Object.fromEntries(properties.map(({ name }) => [name, ''])), channelName: 'All', phoneNumberId: '1' }] });
		expect(() => read()).not.toThrow();
		for (const [name, value] of Object.entries(fieldDefaults)) expect([name, properties.find((one) => one.name === name)?.default]).toEqual([name, value]);
	});

	it.each(['accessToken', 'appSecret', 'previousAppSecret', 'verifyToken'])('refuses a credential with %s of its own, without quoting it', (field) => {
		write({ channels: [roads] });
		try {
			channelOfFile(read(), { channelName: 'Aldersea alerts', [field]: 'a-secret-of-its-own' });
			expect.unreachable();
		} catch (refusal) {
			expect(refusal).toMatchObject({ code: 'channel.file', message: expect.stringMatching(/credential.*holds an? .*of its own/) as string });
			expect(JSON.stringify([(refusal as Error).message, (refusal as { hint?: string }).hint])).not.toContain('a-secret-of-its-own');
		}
	});

	it('refuses a store that a credential names, and names its own', () => {
		write({ channels: [roads], store: { folder: '/srv/civic-comms' } });
		expect(() => storeFolderOfFile(read(), '/tmp/elsewhere')).toThrow(/names a store of its own/);
		expect(storeFolderOfFile(read(), '')).toBe('/srv/civic-comms');
	});

	it('refuses a name that is not in it, and says which are', () => {
		write({ channels: [roads, youth] });
		for (const credential of [{ channelName: 'Another' }, { phoneNumberId: '1' }, {}]) {
			expect(() => channelOfFile(read(), credential)).toThrow(expect.objectContaining({ code: 'channel.file', hint: expect.stringContaining('"Aldersea alerts", "Aldersea youth"') as string }) as Error);
		}
	});

	it.each([0o660, 0o606, 0o604, 0o620, 0o644, 0o777])('is refused with mode %o', (mode) => {
		write({ channels: [roads] }, mode);
		expect(read).toThrow(expect.objectContaining({ code: 'channel.file', hint: expect.stringContaining('chmod 600') as string }) as Error);
	});

	it.each([0o600, 0o400, 0o640])('is read with mode %o', (mode) => {
		write({ channels: [roads] }, mode);
		expect(read().channels).toHaveLength(1);
	});

	it('is refused where everybody may put another in its place', () => {
		write({ channels: [roads] });
		chmodSync(folder, 0o777);
		expect(read).toThrow(/another in its place/);
	});

	it('is refused where a flow could read it, also through a link', () => {
		mkdirSync(join(folder, 'for-flows'));
		path = join(folder, 'for-flows', 'channels.json');
		write({ channels: [roads] });
		expect(read).toThrow(/file nodes/);
		const link = join(folder, 'link.json');
		symlinkSync(path, link);
		expect(() => readChannelsFile(link, host())).toThrow(/file nodes/);
	});

	it.each([
		['not there', undefined, /is not there/],
		['no JSON', '{"channels": [{"accessToken": "office-access-token"', /is not JSON/],
		['another shape', { channel: [roads] }, /is not understood/],
		['no channel', { channels: [] }, /names no channel/],
		['a slip of the pen', { channels: [{ ...roads, signatureNeeded: 2 }] }, /"signatureNeeded".*not one of the credential/],
		['a number twice', { channels: [roads, { ...roads, channelName: 'Other' }] }, /106540352242922 twice/],
		['a name twice', { channels: [roads, { ...youth, channelName: 'aldersea alerts' }] }, /aldersea alerts twice/],
	])('is refused when it is %s, and no secret is told', (_, content, words) => {
		if (content !== undefined) write(content);
		try {
			read();
			expect.unreachable();
		} catch (refusal) {
			expect((refusal as Error).message).toMatch(words);
			expect(String(refusal)).not.toMatch(secrets);
		}
	});

	it('names the channel and the field of a rule that cannot be used', () => {
		write({ channels: [{ ...roads, signaturesNeeded: 5 }] });
		expect(() => channelOfFile(read(), { channelName: 'Aldersea alerts' })).toThrow(/Channel "Aldersea alerts" in the file of channels cannot be used.*'Sign-Offs Needed'/);
	});

	it('is named by its whole path', () => {
		expect(() => readChannelsFile('channels.json', host())).toThrow(/whole path/);
	});
});
