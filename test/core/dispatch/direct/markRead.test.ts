import { describe, expect, it, onTestFinished } from 'vitest';
import { markConversationRead } from '../../../../core/dispatch/direct';
import { listConversations } from '../../../../core/inbox';
import type { CloudApi } from '../../../../core/whatsapp/cloudApi';
import { preference } from '../../inbox/webhooks';
import { phoneOf, startDirectOffice, type DirectOffice } from './directOffice';

async function start(...given: Parameters<typeof startDirectOffice>) {
	const direct = await startDirectOffice(...given);
	onTestFinished(() => direct.office.stop());
	const marked: Array<[string, boolean | undefined]> = [];
	const api = { markAsRead: (id: string, options?: { typing?: boolean }) => Promise.resolve(void marked.push([id, options?.typing])) } as unknown as CloudApi;
	const mark = async (value: string, typing = false, by: 'event' | 'conversation' = 'event') => markConversationRead({ ...(await direct.sender()), api }, { by, value }, { typing });
	return { direct, marked, mark };
}

const conversations = ({ office }: DirectOffice, onlyOpen = true) => office.store.execute(listConversations, { channelId: office.settings.id, onlyOpen, limit: Infinity });

describe('the blue ticks', () => {
	it('turn for one event, or for the latest message of a conversation', async () => {
		const { direct, marked, mark } = await start();
		const [first, second] = [await direct.writes(0, 5), await direct.writes(0, 4)];
		expect(await mark(first)).toEqual({ eventId: first });
		const [conversation] = await conversations(direct);
		expect(await mark(conversation?.id ?? '', true, 'conversation')).toEqual({ eventId: second });
		expect(marked).toEqual([['wamid.in.1', false], ['wamid.in.2', true]]);
	});

	it('are no message, so they turn where no reply may follow; but nobody is shown that one is written', async () => {
		const { direct, marked, mark } = await start({});
		const event = await direct.writes(0);
		await mark(event);
		await expect(mark(event, true)).rejects.toMatchObject({ code: 'direct.not-allowed' });
		expect(marked).toHaveLength(1);
	});

	it('show nobody who said STOP that an answer is written', async () => {
		const { direct, marked, mark } = await start();
		const event = await direct.writes(0, 0, 'STOP');
		await expect(mark(event, true)).rejects.toMatchObject({ code: 'direct.opted-out' });
		expect(marked).toEqual([]);
	});

	it.each([[{}], [{ directMessages: 'all' }]])('in training turn for approvers only, whatever the rules say: %o', async (rules) => {
		const { direct, marked, mark } = await start(rules, { mode: 'training' });
		await expect(mark(await direct.writes(0))).rejects.toMatchObject({ code: 'direct.training' });
		await mark(await direct.writes(901));
		expect(marked).toEqual([['wamid.in.2', false]]);
	});

	it('need a message: a preference is none, and an unknown id neither', async () => {
		const { direct, mark } = await start();
		const event = await direct.hear(preference('resume', { phone: phoneOf(0).slice(1), at: direct.office.clock.now() }));
		await expect(mark(event)).rejects.toMatchObject({ code: 'direct.person', message: expect.stringContaining('no message') as string });
		await expect(mark('no-such')).rejects.toMatchObject({ code: 'input.invalid' });
		await expect(mark('no-such', false, 'conversation')).rejects.toMatchObject({ code: 'direct.person' });
	});
});

describe('the conversations of a channel', () => {
	it('are listed by id, the latest first, and only those that are open unless all are asked for', async () => {
		const { direct } = await start();
		await direct.writes(0, 10);
		await direct.writes(1, 25 * 60);
		await direct.writes(777, 1);
		const open = await conversations(direct);
		expect(open.map(({ contactId }) => contactId !== null)).toEqual([false, true]);
		expect(open[0]?.windowUntil).toBe((open[0]?.lastInboundAt ?? 0) + 24 * 3_600_000);
		expect(await conversations(direct, false)).toHaveLength(3);
		expect(Object.keys(open[0] ?? {}).sort()).toEqual(['channelId', 'contactId', 'id', 'lastEventId', 'lastInboundAt', 'windowUntil']);
	});
});
