import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readSignOffPage, sign } from '../../apps/demo/approver';
import { until } from '../../apps/demo/until';
import { ensureN8n } from '../../apps/host/n8nInstallation';
import { withNodeFirst } from '../../apps/host/node24.mjs';
import { verifyStore } from '../../core/ledger/verifyStore';
import { askedToSign, itemFrom, openAldersea, peopleFile, signal, type Aldersea } from './aldersea';
import { byForm, chain, draft, gate, send } from './smallFlows';

const name = 'n8n-nodes-civic-comms';
const people = 200;
const fewPeople = 5;
let aldersea: Aldersea;
let npmFolder: string;

beforeAll(async () => {
	npmFolder = await mkdtemp(join(tmpdir(), 'civic-comms-npm-'));
	await writeFile(join(npmFolder, 'npm'), npmThatKnows(inject('tarball')));
	await chmod(join(npmFolder, 'npm'), 0o755);
	const { node } = await ensureN8n();
	const PATH = `${npmFolder}:${withNodeFirst(node.folder, process.env).PATH}`;
	const residents = `${peopleFile(people, 'Route 1')}${peopleFile(fewPeople, 'Route 2', 100 + people).replace(/^.*\n/, '')}`;
	// Slow enough for an installation and an update to fall into one send.
	aldersea = await openAldersea({ residents, env: { PATH }, channel: { messagesPerSecond: 8 } });
});

afterAll(async () => {
	await aldersea?.remove();
	await rm(npmFolder, { recursive: true, force: true });
});

/** n8n calls npm by name. This one has our tarball in place of what the registry would give, and needs no network. */
function npmThatKnows(tarball: string): string {
	const version = /-(\d+\.\d+\.\d+[^/]*)\.tgz$/.exec(tarball)?.[1] ?? '';
	return `#!/bin/sh
case "$1" in
	view) echo '"${version}"' ;;
	pack) cp '${tarball}' . && echo '${basename(tarball)}' ;;
	*) PATH="\${PATH#*:}" npm_config_offline=true exec npm "$@" ;;
esac
`;
}

async function putFlow(area: string): Promise<string> {
	const { channel, rest } = aldersea;
	const flow = chain(`Signed and sent: ${area}`, [byForm(), draft(channel, area), gate(channel), send(channel)], { Gate: [[], [], ['Send']] });
	return (await rest.saveWorkflow(flow)).id;
}

async function untilAccepted(count: number): Promise<void> {
	await until(`${count} messages were accepted`, signal, () => aldersea.acceptedForResidents().length >= count);
}

describe('the package while n8n installs it anew', () => {
	it('goes on with a send through an installation and an update, and nobody gets two', async () => {
		const { rest, sandbox } = aldersea;
		const { id, link } = await askedToSign(aldersea, await putFlow('Route 1'));
		await sign(link, await readSignOffPage(link));
		await untilAccepted(20);
		const installed = await rest.call<{ packageName: string }>('POST', '/rest/community-packages', { name });
		expect(installed.packageName).toBe(name);
		await rest.call('PATCH', '/rest/community-packages', { name });
		expect(aldersea.acceptedForResidents().length, 'the send is still under way').toBeLessThan(people);
		const execution = await rest.ended(id, 90_000);
		expect(execution.status, execution.data.resultData.error?.message).toBe('success');
		expect(itemFrom(execution, 'Send')).toMatchObject({ state: 'finished', totals: { recipients: people, accepted: people, uncertain: 0 } });
		expect(aldersea.acceptedForResidents()).toHaveLength(people);
		expect(sandbox.accepted.duplicates()).toEqual([]);
	});

	it('works with its new modules afterwards: another draft, signature and send', async () => {
		const { id, link } = await askedToSign(aldersea, await putFlow('Route 2'));
		await sign(link, await readSignOffPage(link));
		const execution = await aldersea.rest.ended(id, 90_000);
		expect(execution.status, execution.data.resultData.error?.message).toBe('success');
		expect(aldersea.acceptedForResidents()).toHaveLength(people + fewPeople);
		expect(aldersea.sandbox.accepted.duplicates()).toEqual([]);
		expect((await aldersea.inStore(verifyStore, { earlier: [] })).ok).toBe(true);
	});

	it('is listed under Settings with all its nodes', async () => {
		const listed = await aldersea.rest.call<Array<{ packageName: string; installedNodes: unknown[]; failedLoading?: boolean }>>('GET', '/rest/community-packages');
		expect(listed).toEqual([expect.objectContaining({ packageName: name })]);
		expect(listed[0]?.failedLoading).not.toBe(true);
		expect(listed[0]?.installedNodes.length).toBeGreaterThanOrEqual(6);
	});
});
