import fc from 'fast-check';
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hostSettingNames } from '../../../../core/channel/check/checkWorld';
import type { Finding, FindingState } from '../../../../core/channel/check/finding';
import { checks, runChecks } from '../../../../core/channel/check/runChecks';
import { CivicError } from '../../../../core/errors';
import { now, template, wellAnswers, worldOf, type Answers } from './world';

type Change = (answers: Answers) => void;

/** Changes one answer of a Meta where all is well. */
const meta = <Name extends keyof Answers['meta']>(name: Name, change: object): Change => (answers) => {
	answers.meta[name] = (Array.isArray(change) || change instanceof Error ? change : { ...(answers.meta[name] as object), ...change }) as never;
};
const number = (change: object) => meta('number', change);
const store = (change: object): Change => (answers) => void (answers.store = { ...(answers.store as object), ...change } as never);
const env = (change: Record<string, string>): Change => (answers) => void (answers.host = { ...answers.host, env: { ...answers.host.env, ...change } });
const nodes = (...types: string[]): Change => (answers) => void (answers.host = { ...answers.host, nodeTypes: [...(answers.host.nodeTypes ?? []), ...types] });
const noNodes: Change = (answers) => void (answers.host = { ...answers.host, nodeTypes: null });
const channel = (change: object): Change => (answers) => void (answers.channel = { ...change });
const templates = (...list: object[]) => meta('templates', { templates: list });
const subscription = (change: object): Change => (answers) => void (answers.meta.appSubscriptions = [{ ...(answers.meta.appSubscriptions as object[])[0], ...change }] as never);
const date = (iso: string) => Date.parse(iso);
const refusedToken = new CivicError('channel.access', 'Meta does not accept the access token (Meta’s code 190).', 'Renew it.');

async function found(check: string, ...changes: Change[]): Promise<Finding> {
	const answers = wellAnswers();
	for (const change of changes) change(answers);
	const finding = (await runChecks(worldOf(answers))).findings.find((one) => one.check === check);
	if (finding === undefined) throw new Error(check);
	return finding;
}

describe('the checks of a channel', () => {
	it('find nothing amiss where all is well but what cannot be seen from here, and say so in one sentence', async () => {
		const report = await runChecks(worldOf(wellAnswers()));
		// Settings of a runner that runs elsewhere.
		expect(report.findings.filter(({ state }) => state !== 'ok')).toMatchObject([{ check: 'code-modules', state: 'unknown' }]);
		expect(report).toMatchObject({ ok: true, words: `No problems, no warnings, 1 that could not be found out, out of ${checks.length} checks.` });
	});

	it.each<[string, Change, FindingState, RegExp]>([
		['token', meta('token', { isValid: false }), 'problem', /not valid/],
		['token', meta('token', refusedToken), 'problem', /190/],
		['token', meta('token', { expiresAt: now - 1 }), 'problem', /expired/],
		['token', meta('token', { expiresAt: now + 24 * 3600_000 }), 'problem', /1 more day\b/],
		['token', meta('token', { expiresAt: now + 60 * 24 * 3600_000 }), 'warning', /60 more days/],
		['token', meta('token', { scopes: ['whatsapp_business_messaging'] }), 'problem', /lacks the permission whatsapp_business_management/],
		['token', meta('token', { targets: { whatsapp_business_messaging: ['1'] } }), 'problem', /other business accounts/],
		['token', meta('token', { targets: { whatsapp_business_messaging: ['102290129340398', '1'] } }), 'ok', /never expires/],
		['number-of-account', meta('accountNumbers', ['1', '2']), 'problem', /does not belong/],
		['number-status', number({ status: 'DISCONNECTED' }), 'problem', /not registered/],
		['number-status', number({ status: 'BANNED' }), 'problem', /banned/],
		['number-status', number({ status: 'FLAGGED' }), 'warning', /flagged/],
		['number-status', number({ status: 'SOMETHING_NEW' }), 'problem', /something_new/],
		['number-status', number({ status: undefined }), 'unknown', /does not tell/],
		['number-status', number({ accountMode: 'SANDBOX' }), 'warning', /test number/],
		['health', meta('health', { canSend: 'LIMITED', causes: [{ entity: 'WABA', description: 'Payment overdue.', solution: 'Pay.' }] }), 'warning', /waba: Payment overdue/],
		['health', meta('health', { canSend: 'BLOCKED', causes: [] }), 'problem', /no messages/],
		['health', meta('health', { canSend: undefined }), 'unknown', /does not tell/],
		['display-name', number({ nameStatus: 'DECLINED' }), 'problem', /refused/],
		['display-name', number({ nameStatus: 'PENDING_REVIEW' }), 'warning', /Aldersea Borough Council.*reviewed/],
		['display-name', number({ nameStatus: 'NONE' }), 'warning', /no display name/],
		['display-name', number({ nameStatus: undefined }), 'unknown', /does not tell/],
		['business-verification', meta('account', { verificationStatus: 'not_verified' }), 'warning', /250 people a day/],
		['business-verification', meta('account', { reviewStatus: 'REJECTED' }), 'problem', /refused/],
		['payment', meta('account', { hasPaymentMethod: false }), 'problem', /no payment method/],
		['quality', number({ quality: 'YELLOW' }), 'warning', /medium/],
		['quality', number({ quality: 'RED' }), 'problem', /low/],
		['quality', number({ quality: 'UNKNOWN' }), 'ok', /not rated/],
		['throughput', (answers) => { channel({ messagesPerSecond: 500 })(answers); }, 'warning', /500.*takes 80/],
		['throughput', number({ throughput: 'HIGH' }), 'ok', /1000/],
		['throughput', number({ throughput: undefined }), 'unknown', /does not tell/],
		['reach', store({ peopleReached: 10_000 }), 'problem', /10,000 people a day; 0 are left/],
		['reach', store({ peopleReached: 6000 }), 'warning', /4,000 are left.*broadcasts to 5,000/],
		['reach', number({ messagingLimit: 'TIER_250' }), 'warning', /250 people a day; 210 are left/],
		['reach', number({ messagingLimit: 'TIER_UNLIMITED' }), 'ok', /any number/],
		['reach', number({ messagingLimit: undefined }), 'unknown', /40 people reached/],
		['templates', templates(template({ status: 'PAUSED' })), 'problem', /civic_sign_off_request \(en_GB\) is paused/],
		['templates', templates(template({ status: 'REJECTED', rejected_reason: 'PROMOTIONAL' })), 'problem', /rejected \(PROMOTIONAL\)/],
		['templates', templates(), 'problem', /not there at Meta: civic_sign_off_request/],
		['templates', meta('templates', { templates: [], more: true }), 'unknown', /more templates than are read/],
		['templates', store({ templates: [{ name: 'gritting_notice', language: 'en_GB' }] }), 'problem', /not there at Meta: gritting_notice \(en_GB\)/],
		['templates', templates(template(), template({ name: 'flood', correct_category: 'MARKETING' })), 'warning', /flood \(en_GB\) from utility to marketing/],
		['templates', templates(template({ quality_score: { score: 'RED' } })), 'warning', /Rated low/],
		['webhooks-account', meta('subscribedApps', []), 'problem', /does not send its webhooks/],
		['webhooks-account', meta('subscribedApps', [{ appId: '901', name: 'Other' }]), 'problem', /does not send its webhooks/],
		['webhooks-account', meta('subscribedApps', [{ appId: '900' }, { appId: '901', name: 'Marketing tool' }]), 'warning', /also to: Marketing tool/],
		['webhooks-account', meta('subscribedApps', [{ appId: '900', overrideAddress: 'https://elsewhere.example/' }]), 'problem', /another address/],
		['webhooks-app', meta('appSubscriptions', []), 'problem', /no active webhook/],
		['webhooks-app', subscription({ isActive: false }), 'problem', /no active webhook/],
		['webhooks-app', subscription({ callbackAddress: 'https://elsewhere.example/' }), 'problem', /another address/],
		['webhooks-app', subscription({ fields: ['messages'] }), 'problem', /not subscribed to user_preferences/],
		['webhooks-app', subscription({ fields: ['messages', 'user_preferences'] }), 'warning', /Not subscribed: message_template_status_update/],
		['webhooks-app', store({ desk: null }), 'problem', /knows no desk/],
		['webhooks-app', store({ desk: { webhookAddress: 'https://n8n.aldersea.example/webhook/7b1f/whatsapp', isOn: false } }), 'problem', /switched off/],
		['graph-version', channel({ graphVersion: 'v21.0' }), 'warning', /withdraws v21\.0 on 2027-01-21/],
		['graph-version', channel({ graphVersion: 'v24.0' }), 'ok', /until 2028-02-18/],
		['graph-version', channel({ graphVersion: 'v13.0' }), 'problem', /older than any/],
		['graph-version', channel({ graphVersion: 'v27.0' }), 'ok', /current/],
		['clock', meta('clockAhead', new Error('x')), 'unknown', /could not be found out/],
		['mode', channel({ mode: 'training' }), 'warning', /training/],
		['mode', store({ adoptedAt: null }), 'problem', /not been adopted/],
		['raw-senders', nodes('n8n-nodes-base.whatsApp'), 'warning', /cannot be seen from inside a node/],
		['raw-senders', store({ unmatchedStatuses: 3 }), 'warning', /3 times.*did not send/],
		['raw-senders', noNodes, 'unknown', /does not tell/],
		['execute-command', nodes('n8n-nodes-base.executeCommand'), 'problem', /Execute Command/],
		['execute-command', noNodes, 'unknown', /does not tell/],
		['code-modules', env({ NODE_FUNCTION_ALLOW_BUILTIN: 'crypto, node:fs' }), 'problem', /may load fs/],
		['code-modules', env({ NODE_FUNCTION_ALLOW_BUILTIN: '*', N8N_RUNNERS_MODE: 'internal' }), 'problem', /every module/],
		['code-modules', env({ N8N_RUNNERS_MODE: 'internal', NODE_FUNCTION_ALLOW_BUILTIN: 'crypto' }), 'ok', /no module/],
		['code-modules', env({ N8N_RUNNERS_MODE: 'internal', NODE_FUNCTION_ALLOW_EXTERNAL: 'lodash' }), 'warning', /lodash/],
		['task-runners', env({ N8N_RUNNERS_MODE: 'internal' }), 'warning', /own user/],
		['task-runners', env({ N8N_RUNNERS_INSECURE_MODE: 'true' }), 'problem', /without its protections/],
		['environment-access', env({ N8N_BLOCK_ENV_ACCESS_IN_NODE: 'false' }), 'problem', /environment/],
		['file-access', env({ N8N_BLOCK_FILE_ACCESS_TO_N8N_FILES: 'false' }), 'problem', /own folder/],
		['file-access', env({ N8N_RESTRICT_FILE_ACCESS_TO: '' }), 'problem', /every folder/],
		['file-access', env({ N8N_RESTRICT_FILE_ACCESS_TO: '/' }), 'problem', /every folder/],
		['file-access', env({ N8N_RESTRICT_FILE_ACCESS_TO: '/a;/b' }), 'warning', /2 folders/],
		['other-packages', nodes('n8n-nodes-evil.a', 'n8n-nodes-evil.b', 'CUSTOM.c'), 'warning', /nodes from a custom folder, n8n-nodes-evil\./],
		['other-packages', noNodes, 'unknown', /does not tell/],
	])('%s: %#', async (check, change, state, words) => {
		const finding = await found(check, change);
		expect([finding.state, finding.words]).toEqual([state, expect.stringMatching(words)]);
		if (state !== 'ok') expect(finding.howToGoOn).toMatch(/\w.*\./);
	});

	it.each([
		[20_000, 'ok'],
		[-40_000, 'warning'],
		[301_000, 'problem'],
		[-301_000, 'problem'],
	])('the clock %i ms ahead is %s', async (ahead, state) => {
		const answers = wellAnswers();
		answers.meta.clockAhead = ahead;
		expect((await runChecks(worldOf(answers))).findings.find(({ check }) => check === 'clock')?.state).toBe(state);
		expect((await found('graph-version', channel({ graphVersion: 'v25.0' }))).data).toMatchObject({ until: '2028-07-29' });
		expect(date('2028-07-29')).toBeGreaterThan(now);
	});

	it('do not know whether code may load files where it runs elsewhere, unless our own setting says so', async () => {
		expect((await found('code-modules', env({ NODE_FUNCTION_ALLOW_BUILTIN: '' }))).state).toBe('unknown');
	});

	it('go on when one or all of what they ask fails, and give the reason', async () => {
		const names = Object.keys(wellAnswers().meta) as Array<keyof Answers['meta']>;
		await fc.assert(
			fc.asyncProperty(fc.subarray(names), fc.boolean(), async (broken, storeToo) => {
				const answers = wellAnswers();
				for (const name of broken) answers.meta[name] = new CivicError('whatsapp.unreachable', `Meta could not be reached when asked for ${name}.`, 'Try again.');
				if (storeToo) answers.store = new CivicError('store.unreachable', 'The store cannot be opened.', 'Ask IT.');
				const { findings } = await runChecks(worldOf(answers));
				expect(findings.map(({ check }) => check).sort()).toEqual(checks.map(({ name }) => name).sort());
				for (const { state, words } of findings.filter((finding) => finding.words.includes('could not be found out'))) {
					expect([state, words]).toEqual(['unknown', expect.stringMatching(/Meta could not be reached|store cannot be opened/)]);
				}
				if (storeToo || broken.length > 0) expect(findings.filter(({ words }) => words.includes('could not be found out')).length).toBeGreaterThan(0);
			}),
			{ numRuns: 60 },
		);
	});

	it('tell first what needs attention, and within that the channel before the ways around it', async () => {
		const answers = wellAnswers();
		for (const change of [env({ N8N_BLOCK_ENV_ACCESS_IN_NODE: 'false' }), number({ status: 'FLAGGED' }), meta('token', { isValid: false }), meta('health', refusedToken), nodes('n8n-nodes-base.executeCommand')]) change(answers);
		const { findings } = await runChecks(worldOf(answers));
		const order: FindingState[] = ['problem', 'warning', 'unknown', 'ok'];
		expect(new Set(findings.map(({ state }) => state)).size).toBe(4);
		const place = ({ check, state }: Finding) => order.indexOf(state) * 100 + checks.findIndex(({ name }) => name === check);
		expect(findings).toEqual([...findings].sort((one, other) => place(one) - place(other)));
		// n8n makes the columns of its table in the order in which fields first appear.
		const columns = ['check', 'state', 'words', 'howToGoOn', 'data'];
		for (const finding of findings) expect(Object.keys(finding)).toEqual(columns.filter((column) => column in finding));
	});

	it('never show a token or a secret, whatever is thrown at them', async () => {
		const answers = wellAnswers();
		const secret = worldOf(answers).settings;
		for (const name of Object.keys(answers.meta) as Array<keyof Answers['meta']>) answers.meta[name] = new CivicError('whatsapp.refused', `Refused: ${secret.accessToken} ${secret.appSecrets[0]} ${secret.verifyToken}`, 'x');
		const told = JSON.stringify(await runChecks(worldOf(answers)));
		for (const hidden of [secret.accessToken, ...secret.appSecrets, secret.verifyToken]) expect(told).not.toContain(hidden);
	});

	it('are each in a file of their own and called differently', () => {
		const parts = ['finding', 'checkWorld', 'metaReadings', 'storeFacts', 'runChecks'];
		const files = readdirSync('core/channel/check').map((file) => file.replace('.ts', '')).filter((file) => !parts.includes(file));
		expect(files).toHaveLength(checks.length);
		expect(new Set(checks.map(({ name }) => name)).size).toBe(checks.length);
		expect(hostSettingNames.join()).not.toMatch(/KEY|SECRET|TOKEN|PASSWORD/);
	});
});
