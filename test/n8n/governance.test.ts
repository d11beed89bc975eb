import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { channelFields } from '../../apps/demo/aldersea';
import { readSignOffPage, reject, sign } from '../../apps/demo/approver';
import { N8nRefusal, type Execution, type WorkflowDefinition } from '../../apps/host/n8nRest';
import { defineQuery } from '../../core/store/command';
import { askedToSign, itemFrom, openAldersea, peopleFile, startByForm, type Aldersea } from './aldersea';
import { byForm, byHand, chain, draft, gate, send, sendAgain } from './smallFlows';

const area = 'Route 1';
const people = 6;
let aldersea: Aldersea;

beforeAll(async () => {
	aldersea = await openAldersea({ residents: peopleFile(people, area) });
});

afterAll(async () => {
	await aldersea?.remove();
});

/** Draft, gate and send, with every lane of the gate led to Send: the worst that a flow author can wire. */
async function putAnyLaneFlow(name: string, gateSettings: Record<string, unknown> = {}): Promise<string> {
	const { channel, rest } = aldersea;
	const nodes = [byForm(), draft(channel, area), gate(channel, gateSettings), send(channel)];
	return (await rest.saveWorkflow(chain(name, nodes, { Gate: [['Send'], ['Send'], ['Send']] }))).id;
}

/** Where the desk wakes an execution, and what the store says of its request. */
const readRequest = defineQuery('test.request', async (context, input: { executionId: string }): Promise<{ state: string; resumeUrl: string }> => {
	const row = await context.db.selectFrom('approval_request').selectAll().where('execution_id', '=', input.executionId).executeTakeFirstOrThrow();
	const resumeUrl = row.resume_sealed === null ? '' : context.keys.open(`approval_request/${row.id}/resume`, row.resume_sealed).toString('utf8');
	return { state: row.state, resumeUrl };
});

function refusalIn(execution: Execution): { message: string; description?: string } {
	const refusal = execution.data.resultData.error;
	if (refusal === undefined) throw new Error(`The execution is ${execution.status} and says nothing.`);
	return refusal;
}

describe('the token of a channel', () => {
	/** A node of n8n's own that would call Meta with the channel's token. */
	function aroundUs(): WorkflowDefinition {
		const url = `${aldersea.sandbox.api}/v26.0/${aldersea.sandbox.phoneNumberId}/messages`;
		const parameters = { method: 'POST', url, authentication: 'predefinedCredentialType', nodeCredentialType: 'civicWhatsAppApi', sendBody: true, specifyBody: 'json', jsonBody: '{}' };
		return chain('Around the rules', [
			byHand(),
			{ name: 'HTTP Request', type: 'n8n-nodes-base.httpRequest', typeVersion: 4.2, parameters, credentials: { civicWhatsAppApi: aldersea.channel } },
		]);
	}

	it('is not given to an HTTP Request node: n8n refuses to save the flow', async () => {
		const saving = aldersea.rest.saveWorkflow(aroundUs());
		await expect(saving).rejects.toThrow(N8nRefusal);
		await expect(saving).rejects.toMatchObject({ status: 400, answer: expect.stringMatching(/HTTP Request.*civicWhatsAppApi.*restricted/) as string });
	});

	it('is not given to it either when the flow was put into n8n’s database by hand', async () => {
		const definition = aroundUs();
		const bare = { ...definition, nodes: definition.nodes.map(({ credentials: _credentials, ...node }) => node) };
		const { id } = await aldersea.rest.saveWorkflow(bare);
		const database = new DatabaseSync(join(aldersea.userFolder, '.n8n', 'database.sqlite'), { timeout: 5000 });
		try {
			const { changes } = database.prepare('UPDATE workflow_entity SET nodes = ? WHERE id = ?').run(JSON.stringify(definition.nodes), id);
			expect(changes).toBe(1);
		} finally {
			database.close();
		}
		const { journal } = aldersea.sandbox;
		const before = journal.entries({ kind: 'request' }).filter(({ path }) => path?.endsWith('/messages')).length;
		const outcome = await aldersea.rest.run(id, 'By Hand').then(
			async (execution) => refusalIn(await aldersea.rest.ended(execution)).message,
			(cause: unknown) => (cause as N8nRefusal).answer,
		);
		expect(outcome).toMatch(/civicWhatsAppApi|Civic WhatsApp API/);
		expect(outcome).toMatch(/restricted|not supported|cannot use|not allowed/i);
		expect(journal.entries({ kind: 'request' }).filter(({ path }) => path?.endsWith('/messages')).length).toBe(before);
	});
});

describe('a gate that is got around', () => {
	it('sends nothing when it is disabled', async () => {
		const execution = await aldersea.rest.ended(await startByForm(aldersea, await putAnyLaneFlow('Disabled gate', { disabled: true })));
		expect(refusalIn(execution)).toMatchObject({
			message: expect.stringContaining('Nobody has signed this draft, so nothing was sent.') as string,
			description: expect.stringContaining('Approved output of an Approval Gate that is switched on') as string,
		});
		expect(aldersea.acceptedForResidents()).toEqual([]);
	});

	it('sends nothing when it always puts out data and the draft was rejected', async () => {
		const { id, link } = await askedToSign(aldersea, await putAnyLaneFlow('Always output data', { alwaysOutputData: true }));
		await reject(link, await readSignOffPage(link), 'Not tonight.');
		const execution = await aldersea.rest.ended(id);
		expect(refusalIn(execution).message).toContain('Nobody has signed this draft');
		expect(aldersea.acceptedForResidents()).toEqual([]);
	});

	it('sends nothing when it goes on in spite of its own refusal', async () => {
		const { channel, rest } = aldersea;
		const ownGate = gate(channel, { onError: 'continueRegularOutput' });
		Object.assign(ownGate.parameters as object, { options: { ask: 'nobody.we.know@aldersea.example' } });
		const flow = chain('Continue on refusal', [byHand(), draft(channel, area), ownGate, send(channel)], { Gate: [['Send'], ['Send'], ['Send']] });
		const execution = await rest.ended(await rest.run((await rest.saveWorkflow(flow)).id, 'By Hand'));
		expect(itemFrom(execution, 'Gate', 0)).toHaveProperty('error');
		expect(refusalIn(execution).message).toContain('Nobody has signed this draft');
		expect(aldersea.acceptedForResidents()).toEqual([]);
	});

	it('sends nothing when Send follows straight after Draft', async () => {
		const { channel, rest } = aldersea;
		const { id } = await rest.saveWorkflow(chain('No gate', [byHand(), draft(channel, area), send(channel)]));
		const execution = await rest.ended(await rest.run(id, 'By Hand'));
		expect(refusalIn(execution).message).toContain('Nobody has signed this draft, so nothing was sent.');
		expect(aldersea.acceptedForResidents()).toEqual([]);
	});
});

/** What mail scanners, chat previews and browsers that prefetch call themselves. */
const scanners = [
	'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
	'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/109.0.0.0 Safari/537.36',
	'Mozilla/5.0 (Windows NT 6.1; rv:52.0) Gecko/20100101 Firefox/52.0',
	'Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; WOW64; Trident/7.0; ms-office; MSOffice 16)',
	'Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17628; Pro)',
	'Outlook-iOS/711.2620504.prod.iphone (4.35.0)',
	'Dalvik/2.1.0 (Linux; U; Android 14; Pixel 8 Build/AP1A.240405.002)',
	'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Teams/24102.2223.2870.9480 Chrome/120.0.6099.291 Electron/28.2.10 Safari/537.36',
	'SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com',
	'Mozilla/5.0 (compatible; MicrosoftPreview/2.0; +https://aka.ms/MicrosoftPreview)',
	'BarracudaCentral/1.0 (link protect)',
	'Mozilla/5.0 (compatible; Proofpoint URL Defense)',
	'Mimecast-URLProtect/1.0',
	'Symantec-Email-Security.cloud',
	'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
	'GoogleImageProxy (via ggpht.com)',
	'WhatsApp/2.24.9.78 A',
	'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)',
	'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)',
	'TelegramBot (like TwitterBot)',
	'Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)',
	'Twitterbot/1.0',
	'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1',
	'curl/8.6.0',
	'python-requests/2.31.0',
	'',
];

describe('a live sign-off link', () => {
	let id: string;
	let link: string;

	beforeAll(async () => {
		({ id, link } = await askedToSign(aldersea, await putAnyLaneFlow('Signed on a phone')));
	});

	const state = async () => (await aldersea.inStore(readRequest, { executionId: id })).state;

	it(`decides nothing for ${scanners.length} mail scanners and chat previews, by GET or HEAD`, async () => {
		for (const agent of scanners) {
			for (const method of ['GET', 'HEAD']) {
				const answer = await fetch(link, { method, headers: { 'user-agent': agent, purpose: 'prefetch' } });
				expect([agent, method, answer.status]).toEqual([agent, method, 200]);
				expect(answer.headers.get('cache-control')).toContain('no-store');
				expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
				await answer.text();
			}
		}
		expect(await state()).toBe('pending');
		expect((await aldersea.rest.execution(id)).status).toBe('waiting');
		await readSignOffPage(link);
	});

	it('is not there when a character of it was changed, cut off or added', async () => {
		const cut = link.length - 20;
		const other = link[cut] === 'A' ? 'B' : 'A';
		for (const wrong of [link.slice(0, cut) + other + link.slice(cut + 1), link.slice(0, -1), `${link}A`, `${link.slice(0, -43)}${'A'.repeat(43)}`]) {
			for (const method of ['GET', 'POST']) {
				const answer = await fetch(wrong, { method, redirect: 'manual', ...(method === 'POST' && { body: new URLSearchParams({ decision: 'approve' }) }) });
				expect([method, answer.status]).toEqual([method, 404]);
				expect(await answer.text()).toContain('This link is not valid.');
			}
		}
		expect(await state()).toBe('pending');
	});

	it('is decided by nobody who finds the address that wakes the execution', async () => {
		const { resumeUrl } = await aldersea.inStore(readRequest, { executionId: id });
		const bodies: Array<[string | undefined, string | Uint8Array<ArrayBuffer>]> = [
			['application/json', '{}'],
			['application/json', '{"approved":true,"state":"approved","decision":"approve"}'],
			['application/json', '[{"json":{"approval":{"state":"approved"}}}]'],
			['application/json', '{"approval":{"requestId":"another"}'],
			['application/json', 'null'],
			['text/plain', 'approve'],
			['application/x-www-form-urlencoded', 'decision=approve&__proto__[state]=approved'],
			['multipart/form-data; boundary=x', '--x\r\nnothing'],
			['application/octet-stream', new Uint8Array(100_000).fill(255)],
			[undefined, ''],
		];
		for (const [type, body] of bodies) {
			const answer = await fetch(resumeUrl, { method: 'POST', headers: type === undefined ? {} : { 'content-type': type }, body });
			expect(answer.status, `${type} ${String(body).slice(0, 40)}`).toBeGreaterThanOrEqual(400);
			await answer.text();
		}
		for (const method of ['GET', 'HEAD']) expect((await fetch(resumeUrl, { method })).status).toBeLessThan(500);
		expect((await fetch(`${resumeUrl}&decision=approve`, { method: 'POST', body: '{}' })).status).toBe(401);
		expect(await state()).toBe('pending');
		expect((await aldersea.rest.execution(id)).status).toBe('waiting');
		expect(aldersea.acceptedForResidents()).toEqual([]);
	});

	it('takes one decision of eight that arrive at once, and none afterwards', async () => {
		const { digest, people: count } = await readSignOffPage(link);
		const post = (decision: string) =>
			fetch(link, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ decision, digest, understood: String(count), reason: 'Changed my mind.' }) });
		const answers = await Promise.all(Array.from({ length: 8 }, () => post('approve')));
		expect(answers.map(({ status }) => status).sort()).toEqual([303, 409, 409, 409, 409, 409, 409, 409]);
		expect((await aldersea.rest.ended(id)).status).toBe('success');
		expect((await post('approve')).status).toBe(409);
		expect((await post('reject')).status).toBe(409);
		expect(await state()).toBe('approved');
		expect(aldersea.acceptedForResidents()).toHaveLength(people);
		expect(aldersea.sandbox.accepted.duplicates()).toEqual([]);
	});

	it('does not send again when the whole flow that was signed is sent once more', async () => {
		const draftId = String(itemFrom(await aldersea.rest.execution(id), 'Draft')?.draftId);
		const { id: again } = await aldersea.rest.saveWorkflow(sendAgain(aldersea.channel, draftId));
		const execution = await aldersea.rest.ended(await aldersea.rest.run(again, 'By Hand'));
		expect(execution.status).toBe('success');
		expect(itemFrom(execution, 'Send')).toMatchObject({ state: 'finished', totals: { recipients: people, accepted: people } });
		expect(aldersea.acceptedForResidents()).toHaveLength(people);
	});

	it('does not let a page that was signed with too few people go through', async () => {
		const next = await askedToSign(aldersea, await putAnyLaneFlow('Not ticked'));
		const page = await readSignOffPage(next.link);
		await expect(sign(next.link, { digest: page.digest, people: page.people - 1 })).rejects.toThrow(/422.*Tick that you understand/);
		await expect(sign(next.link, { digest: '0'.repeat(64), people: page.people })).rejects.toThrow(/409/);
		expect((await aldersea.inStore(readRequest, { executionId: next.id })).state).toBe('pending');
	});
});

describe('the test of a channel’s credential', () => {
	const tested = async (fields: Record<string, unknown>) => {
		const reference = await aldersea.rest.saveCredential('Tried out', 'civicWhatsAppApi', { ...channelFields(aldersea.sandbox), ...fields });
		return aldersea.rest.testCredential(reference, 'civicWhatsAppApi');
	};

	it('says that a good one works', async () => {
		expect(await tested({})).toMatchObject({ status: 'OK', message: expect.stringMatching(/^Connected to \+44.*live mode/) as string });
	});

	it('says in words that Meta does not take the token, and does not quote it', async () => {
		const { status, message } = await tested({ accessToken: 'not-the-token' });
		expect(status).toBe('Error');
		expect(message).toMatch(/token/i);
		expect(message).not.toContain('not-the-token');
	});

	it('names a number that is not of this account', async () => {
		expect(await tested({ phoneNumberId: '999999999999999' })).toMatchObject({ status: 'Error' });
	});

	it('refuses an address that is not Meta’s before anything is sent there', async () => {
		const { status, message } = await tested({ graphUrl: 'https://graph.facebook.com.aldersea.example' });
		expect(status).toBe('Error');
		expect(message).toContain('neither that of Meta nor one on this machine');
	});
});
