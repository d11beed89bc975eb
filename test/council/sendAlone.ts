import { Pace } from '../../core/dispatch/pace';
import { sendBroadcast } from '../../core/dispatch/sendBroadcast';
import { SqliteEngine } from '../../core/store/sqlite/engine';
import { createCloudApi, type CloudApiSettings } from '../../core/whatsapp/cloudApi';
import { systemClock, systemRandom } from '../../core/world';
import { rulesFingerprint } from './tables';

/** What a process is told that sends one draft and may be killed at any moment. */
export interface SendAlone {
	folder: string;
	api: CloudApiSettings;
	draftId: string;
	/** How far its clock is ahead of the machine's, ms. */
	aheadMs: number;
	perSecond: number;
}

async function main(): Promise<void> {
	const { folder, api, draftId, aheadMs, perSecond } = JSON.parse(process.argv[2] ?? '') as SendAlone;
	const store = await SqliteEngine.open({ folder, clock: { now: () => Date.now() + aheadMs }, random: systemRandom });
	const pace = new Pace(perSecond, systemClock);
	await sendBroadcast(
		{
			store,
			api: createCloudApi(api),
			channelId: api.phoneNumberId,
			rulesFingerprint: await rulesFingerprint(store, api.phoneNumberId),
			paceFor: () => pace,
			sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
			isCancelled: () => false,
		},
		draftId,
	);
	await store.close();
	process.stdout.write('finished\n');
}

void main();
