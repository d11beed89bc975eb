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
import { byHand, chain, draft, gate, send } from './smallFlows';

const name = 'n8n-nodes-civic-comms';
const people = 240;
let aldersea: Aldersea;
let npmFolder: string;
let workflowId: string;

beforeAll(async () => {
	npmFolder = await mkdtemp(join(tmpdir(), 'civic-comms-npm-'));
	await writeFile(join(npmFolder, 'npm'), npmThatKnows(inject('tarball')));
	await chmod(join(npmFolder, 'npm'), 0o755);
	const { node } = await ensureN8n();
	const PATH = `${npmFolder}:${withNodeFirst(node.folder, process.env).PATH}`;
	aldersea = await openAldersea({ residents: peopleFile(people, 'Route 1'), env: { PATH } });
	const { channel, rest } = aldersea;
	const flow = chain('Signed and sent', [byHand(), draft(channel, 'Route 1'), gate(channel), send(channel)], { Gate: [[], [], ['Send']] });
	({ id: workflowId } = await rest.saveWorkflow(flow));
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

async function untilAccepted(count: number): Promise<void> {
	await until(`${count} messages were accepted`, signal, () => aldersea.acceptedForResidents().length >= count);
}

describe('the package while n8n installs it anew', () => {
	it('goes on with a send through an installation and an update, and nobody gets two', async () => {
		const { rest, sandbox } = aldersea;
		const { id, link } = await askedToSign(aldersea, workflowId);
		await sign(link, await readSignOffPage(link));
		await untilAccepted(20);
		const installed = await rest.call<{ packageName: string }>('POST', '/rest/community-packages', { name });
		expect(installed.packageName).toBe(name);
		const between = aldersea.acceptedForResidents().length;
		await rest.call('PATCH', '/rest/community-packages', { name });
		expect(between, 'the send was under way').toBeLessThan(people);
		const execution = await rest.ended(id, 90_000);
		expect(execution.status, execution.data.resultData.error?.message).toBe('success');
		expect(itemFrom(execution, 'Send')).toMatchObject({ state: 'finished', totals: { recipients: people, accepted: people, uncertain: 0 } });
		expect(aldersea.acceptedForResidents()).toHaveLength(people);
		expect(sandbox.accepted.duplicates()).toEqual([]);
	});

	it('works with its new modules afterwards: another draft, signature and send', async () => {
		const { id, link } = await askedToSign(aldersea, workflowId);
		await sign(link, await readSignOffPage(link));
		const execution = await aldersea.rest.ended(id, 90_000);
		expect(execution.status, execution.data.resultData.error?.message).toBe('success');
		expect(aldersea.acceptedForResidents()).toHaveLength(2 * people);
		expect(aldersea.sandbox.accepted.duplicates()).toEqual([]);
		expect((await aldersea.inStore(verifyStore, { earlier: [] })).ok).toBe(true);
	});

	it('is listed under Settings with all its nodes', async () => {
		const listed = await aldersea.rest.call<Array<{ packageName: string; installedNodes: unknown[]; failedLoading?: boolean }>>('GET', '/rest/community-packages');
		expect(listed).toEqual([expect.objectContaining({ packageName: name })]);
		expect(listed[0]?.failedLoading).toBeUndefined();
		expect(listed[0]?.installedNodes.length).toBeGreaterThanOrEqual(6);
	});
});
