import { afterEach, describe, expect, it } from 'vitest';
import { claimNotices, notifyDue, settleNotice } from '../../../core/approval/notices';
import { readOutcome } from '../../../core/approval/outcome';
import { openStoredChannel } from '../../../core/channel/channelApi';
import { createTransport } from '../../../core/whatsapp/connection';
import { startCouncil, type Council } from '../../council/council';
import { askFor, decideOn, draftGritting, linksOn } from '../../council/steps';
import { editByHand, rows } from '../../council/tables';

const minute = 60_000;
const [morgan, jo, lee] = ['+447700900901', '+447700900903', '+447700900905'];

const rules = {
	approvers: {
		approver: [
			{ name: 'Morgan Ellis', email: 'morgan.ellis@aldersea.example', phone: morgan, role: 'Communications lead' },
			{ name: 'Jo Hale', email: 'jo.hale@aldersea.example', phone: jo, role: 'Director' },
		],
	},
	stages: { stage: [{ role: 'Communications lead' }, { role: 'Director' }] },
	deputies: { deputy: [{ name: 'Lee Marsh', email: 'lee.marsh@aldersea.example', phone: lee, standsFor: 'jo.hale@aldersea.example' }] },
	remindAfterHours: 1,
	escalateAfterHours: 2,
};

describe('telling approvers what is due', () => {
	let council: Council;
	afterEach(() => council.stop());

	const begin = async (channel: Record<string, unknown> = rules) => {
		council = await startCouncil({ residents: 4, channel });
		const draft = await draftGritting(council);
		const request = await askFor(council, draft.id);
		return { ...request, draft };
	};
	const transport = createTransport();
	const tell = async () => {
		const told = await notifyDue(council.store, (id) => openStoredChannel(council.store, id, transport));
		await council.sandbox.idle();
		return told;
	};
	const count = (phone: string) => linksOn(council, phone).length;

	it('is the second step’s turn as soon as the first has signed, once', async () => {
		const { requestId } = await begin();
		expect([count(morgan), count(jo)]).toEqual([1, 0]);
		expect(await tell()).toEqual({ reached: 0, missed: 0 });
		expect((await decideOn(linksOn(council, morgan)[0] ?? '', 'approve')).status).toBe(303);
		await council.sandbox.idle();
		// The desk tells at once; whoever asks again finds nothing due.
		await council.desk.tend();
		await council.sandbox.idle();
		expect(await tell()).toEqual({ reached: 0, missed: 0 });
		expect([count(morgan), count(jo), count(lee)]).toEqual([1, 1, 0]);
		council.clock.advance(1000);
		expect((await decideOn(linksOn(council, jo)[0] ?? '', 'approve')).status).toBe(303);
		expect(await council.store.execute(readOutcome, { requestId })).toMatchObject({ state: 'approved', decisions: [{ by: 'Morgan Ellis' }, { by: 'Jo Hale' }] });
		expect(await rows(council.store, "SELECT 1 FROM ledger_index WHERE act = 'approval.step'")).toHaveLength(1);
	});

	it('is a reminder once, and then a deputy, to those only who have not decided', async () => {
		await begin();
		await decideOn(linksOn(council, morgan)[0] ?? '', 'approve');
		await council.desk.tend();
		council.clock.advance(60 * minute - 1);
		expect(await tell()).toEqual({ reached: 0, missed: 0 });
		council.clock.advance(1);
		expect(await tell()).toEqual({ reached: 1, missed: 0 });
		expect(await tell()).toEqual({ reached: 0, missed: 0 });
		expect([count(morgan), count(jo), count(lee)]).toEqual([1, 2, 0]);
		council.clock.advance(60 * minute);
		expect(await tell()).toEqual({ reached: 1, missed: 0 });
		expect(await tell()).toEqual({ reached: 0, missed: 0 });
		expect([count(morgan), count(jo), count(lee)]).toEqual([1, 2, 1]);
		// The link that was sent first still works, and so does the deputy's, but the two count once.
		expect((await decideOn(linksOn(council, lee)[0] ?? '', 'approve')).status).toBe(303);
		expect((await decideOn(linksOn(council, jo)[0] ?? '', 'approve')).status).toBe(409);
		expect(await rows(council.store, "SELECT 1 FROM ledger_index WHERE act IN ('approval.reminder', 'approval.deputies')")).toHaveLength(2);
	});

	it('is for the deputy at once when the step comes late', async () => {
		await begin();
		council.clock.advance(3 * 60 * minute);
		await tell();
		await decideOn(linksOn(council, morgan)[0] ?? '', 'approve');
		await council.desk.tend();
		await council.sandbox.idle();
		expect([count(jo), count(lee)]).toEqual([1, 1]);
		await tell();
		expect(count(lee)).toBe(1);
	});

	it('is left to others by whoever took it on and died, after five minutes', async () => {
		await begin();
		council.clock.advance(61 * minute);
		expect(await council.store.execute(claimNotices, undefined)).toMatchObject([{ kind: 'reminder', notice: { links: [{ approver: { name: 'Morgan Ellis' } }] } }]);
		expect(await council.store.execute(claimNotices, undefined)).toEqual([]);
		council.clock.advance(5 * minute);
		const [again] = await council.store.execute(claimNotices, undefined);
		expect(again).toMatchObject({ kind: 'reminder' });
		await council.store.execute(settleNotice, { requestId: again?.notice.requestId ?? '', kind: 'reminder', stage: 0, deputies: false });
		council.clock.advance(5 * minute);
		expect(await council.store.execute(claimNotices, undefined)).toEqual([]);
	});

	it('is tried again when it reached nobody, and told of as missed', async () => {
		await begin();
		council.clock.advance(61 * minute);
		council.sandbox.faults.script({ kind: 'graph-error', code: 131056, to: morgan.slice(1), times: 1 });
		expect(await tell()).toEqual({ reached: 0, missed: 1 });
		expect(await tell()).toEqual({ reached: 0, missed: 0 });
		council.clock.advance(5 * minute);
		expect(await tell()).toEqual({ reached: 1, missed: 0 });
	});

	it('is nothing for a request that is decided, over, or was edited by hand', async () => {
		const first = await begin();
		council.clock.advance(61 * minute);
		await editByHand(council.store, 'UPDATE approval_request SET signatures_needed = 1 WHERE id = ?', first.requestId);
		expect(await tell()).toEqual({ reached: 0, missed: 0 });
		await editByHand(council.store, 'UPDATE approval_request SET signatures_needed = 2 WHERE id = ?', first.requestId);
		council.clock.set(first.expiresAt);
		expect(await tell()).toEqual({ reached: 0, missed: 0 });
	});

	it('does not end because one channel cannot be reached', async () => {
		await begin();
		council.clock.advance(61 * minute);
		await expect(notifyDue(council.store, () => Promise.reject(new Error('no such channel')))).rejects.toThrow('no such channel');
		await council.desk.tend();
	});
});
