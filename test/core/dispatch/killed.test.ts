import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decide } from '../../../core/approval/decide';
import { requestSignOff } from '../../../core/approval/requestSignOff';
import { openDesk } from '../../../core/channel/deskAddress';
import { deadRunMs } from '../../../core/dispatch/claimDeliveries';
import { readReport } from '../../../core/dispatch/report';
import { verifyStore } from '../../../core/ledger/verifyStore';
import { startCouncil, type Council } from '../../council/council';
import { quickKnobs } from '../../council/quickSandbox';
import type { SendAlone } from '../../council/sendAlone';
import { acceptedBy, fault } from '../../council/sending';
import { draftGritting, send } from '../../council/steps';

const people = 200;
/** As many as one run has under way at most. */
const mostInFlight = 40;
/** Killed once WhatsApp has taken this many, and so many milliseconds later. */
const killedAt: Array<[accepted: number, afterMs: number]> = [[0, 0], [1, 0], [1, 9], [17, 3], [40, 0], [41, 7], [99, 13], [130, 0], [163, 5], [199, 0]];

describe('a process that is killed in the middle of sending', () => {
	let council: Council;
	let folder: string;
	let program: string;

	beforeAll(async () => {
		folder = mkdtempSync(join(tmpdir(), 'civic-send-alone-'));
		program = join(folder, 'sendAlone.cjs');
		await build({ entryPoints: [join(__dirname, '../../council/sendAlone.ts')], bundle: true, platform: 'node', format: 'cjs', outfile: program, logLevel: 'silent' });
		council = await startCouncil({ residents: people, sandbox: { knobs: { ...quickKnobs, noReadReceipts: 1, webhookBatch: 100, webhookLingerMs: 20 } } });
		// WhatsApp takes a message some time before it says so: the moments that a kill must survive.
		await fault(council, { kind: 'delay', ms: 25, accepted: true });
	}, 60_000);
	afterAll(async () => {
		await council.stop();
		rmSync(folder, { recursive: true, force: true });
	});

	async function signed(): Promise<string> {
		await council.store.execute(openDesk, { pageAddress: `${council.deskUrl}/desk/`, webhookAddress: `${council.deskUrl}/whatsapp` });
		const draft = await draftGritting(council, { audience: { topic: 'Winter roads', areas: null } });
		const { links } = await council.store.execute(requestSignOff, { draftId: draft.id, channelId: council.settings.id, ask: [], decideWithinHours: null, executionId: '1', resumeUrl: 'http://127.0.0.1:9/' });
		await council.store.execute(decide, { token: links[0]?.token ?? '', decision: 'approve', reason: '', acknowledgedPeople: people, digest: draft.digest });
		return draft.id;
	}

	/** Starts the process and kills it for good once WhatsApp has taken so many. */
	async function killedSend(draftId: string, accepted: number, afterMs: number): Promise<void> {
		const { graphUrl, graphVersion, accessToken, appSecrets, id: phoneNumberId, businessAccountId } = council.settings;
		const told: SendAlone = {
			folder: council.folder,
			api: { graphUrl, graphVersion, accessToken, appSecret: appSecrets[0], phoneNumberId, businessAccountId },
			draftId,
			aheadMs: council.clock.now() - Date.now(),
			perSecond: 1000,
		};
		const child = spawn(process.execPath, [program, JSON.stringify(told)], { stdio: ['ignore', 'ignore', 'pipe'] });
		let words = '';
		child.stderr.setEncoding('utf8').on('data', (part: string) => (words += part));
		const gone = new Promise<number | null>((resolve) => child.once('exit', resolve));
		const isThere = () => council.sandbox.accepted.total >= accepted && council.sandbox.journal.entries({ kind: 'request' }).some(({ path }) => path?.includes('message_templates') === true);
		while (!isThere() && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 1));
		if (afterMs > 0) await new Promise((resolve) => setTimeout(resolve, afterMs));
		child.kill('SIGKILL');
		// On a slow machine it may have finished before the kill; anything else is a process that broke down.
		const code = await gone;
		if (code !== null && code !== 0) throw new Error(`the process ended by itself: ${words}`);
		// Its last sign of life is this old when the next run begins.
		council.clock.set(Date.now() + told.aheadMs + deadRunMs + 1);
	}

	it.each(killedAt)('after %d were taken (and %d ms) is followed by a run that leaves nobody out and sends to nobody twice', async (accepted, afterMs) => {
		const draftId = await signed();
		council.sandbox.accepted.clear();
		council.sandbox.journal.clear();
		await killedSend(draftId, accepted, afterMs);
		const takenBefore = council.sandbox.accepted.total;

		const { totals } = await send(council, draftId);
		expect(totals).toMatchObject({ recipients: people, pending: 0, notSent: 0 });
		expect(totals.uncertain).toBeLessThanOrEqual(mostInFlight);

		await council.sandbox.idle();
		const taken = acceptedBy(council);
		expect(Math.max(...taken.values())).toBe(1);
		const after = await council.store.execute(readReport, { id: draftId });
		// Each status that came in has settled what the kill left open.
		expect(after).toMatchObject({ state: 'finished', totals: { accepted: taken.size, delivered: taken.size, uncertain: people - taken.size } });
		expect(taken.size).toBeGreaterThanOrEqual(Math.max(takenBefore, people - mostInFlight));
	});

	it('leaves a ledger that verifies', async () => {
		expect(await council.store.execute(verifyStore, { earlier: [] })).toMatchObject({ ok: true, findings: [] });
	});
});
