import { afterAll, beforeAll, expect, it } from 'vitest';
import { registerChannel } from '../../../core/channel/registerChannel';
import { finishRun } from '../../../core/dispatch/finishRun';
import { recordResults } from '../../../core/dispatch/recordResults';
import { readReport } from '../../../core/dispatch/report';
import { startOffice, type Office } from '../../council/office';
import { claimIn, signedIn, startIn } from '../../council/officeSteps';

let office: Office;
beforeAll(async () => {
	office = await startOffice({ residents: 9 });
});
afterAll(() => office.stop());

it('a broadcast that is held while the last answers are awaited finishes with them, for nothing is left to hold', async () => {
	const draft = await signedIn(office);
	const run = await startIn(office, draft);
	const { deliveries } = await claimIn(office, run);
	const { rules } = office.settings;
	await office.store.execute(registerChannel, { ...office.settings, rules: { ...rules, reach: rules.reach - 1 } });
	expect((await claimIn(office, run)).next).toBe('held');
	await office.store.execute(recordResults, { ...run, results: deliveries.map(({ id }) => ({ id, outcome: 'accepted' as const, messageId: `wamid.${id}` })) });
	await office.store.execute(finishRun, run);
	expect(await office.store.execute(readReport, { id: draft.id })).toMatchObject({ state: 'finished', heldReason: null, totals: { pending: 0, accepted: deliveries.length } });
});
