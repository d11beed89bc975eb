import { afterAll, beforeAll, expect, it } from 'vitest';
import { recordResults } from '../../../core/dispatch/recordResults';
import { startOffice, type Office } from '../../council/office';
import { claimIn, signedIn, startIn } from '../../council/officeSteps';

let office: Office;
beforeAll(async () => {
	office = await startOffice({ residents: 9 });
});
afterAll(() => office.stop());

it.each(['released', 'again'] as const)('a batch with “%s” that is written twice takes nothing from the run that has claimed it since', async (outcome) => {
	const draft = await signedIn(office);
	const first = await startIn(office, draft);
	const [given] = (await claimIn(office, first, 1)).deliveries;
	const results = [{ id: given?.id ?? '', outcome, reason: '130429', afterMs: 0 }];
	await office.store.execute(recordResults, { broadcastId: first.broadcastId, runId: first.runId, results });
	const second = await startIn(office, draft);
	expect((await claimIn(office, second)).deliveries.map(({ id }) => id)).toContain(given?.id);

	await office.store.execute(recordResults, { broadcastId: first.broadcastId, runId: first.runId, results });
	expect((await claimIn(office, first)).deliveries).toEqual([]);
});
