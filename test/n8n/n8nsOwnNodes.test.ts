import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../apps/demo/until';
import { N8nRest, type CredentialReference, type Execution, type WorkflowNode } from '../../apps/host/n8nRest';
import { startN8n, type N8nServer } from '../../apps/host/n8nServer';
import { appId } from '../../apps/sandbox/cloudApi/account';
import { startSandbox, type Sandbox } from '../../apps/sandbox/sandbox';
import { itemFrom, newExecution, signal } from './aldersea';
import { owner } from './councilN8n';
import { MetaFront } from './metaFront';
import { frontCertificate } from './metaIdentity';
import { byHand, chain } from './smallFlows';

/**
 * n8n's own WhatsApp Business Cloud node and trigger, unmodified and told nothing: they call graph.facebook.com, and the
 * proxy of their process leads there to the sandbox.
 */

const phone = '+447700900123';
const digits = '447700900123';

let userFolder: string;
let sandbox: Sandbox;
let front: MetaFront;
let server: N8nServer;
let rest: N8nRest;
let api: CredentialReference;

beforeAll(async () => {
	userFolder = await mkdtemp(join(tmpdir(), 'civic-comms-own-nodes-'));
	sandbox = await startSandbox({ seed: 21, knobs: { noReadReceipts: 0, readWithoutDelivered: 0, missingPlus: 'lenient', pairLimit: 'off' } });
	front = new MetaFront(sandbox.api);
	const proxy = await front.start();
	const trusted = join(userFolder, 'front.pem');
	await writeFile(trusted, frontCertificate);
	server = await startN8n({ userFolder, env: { HTTPS_PROXY: proxy, HTTP_PROXY: proxy, NO_PROXY: '127.0.0.1,localhost', NODE_EXTRA_CA_CERTS: trusted } });
	rest = await N8nRest.signIn(server.url, owner);
	api = await rest.saveCredential('Sandbox', 'whatsAppApi', { accessToken: sandbox.token, businessAccountId: sandbox.businessAccountId });
});

afterAll(async () => {
	await server?.stop();
	await front?.stop();
	await sandbox?.stop();
	await rm(userFolder, { recursive: true, force: true });
});

beforeEach(() => openWindow());

function openWindow(): void {
	sandbox.inbound.receive(sandbox.residents.at(digits), { kind: 'text', text: 'hello' });
}

function whatsApp(parameters: Record<string, unknown>): WorkflowNode {
	return { name: 'WhatsApp', type: 'n8n-nodes-base.whatsApp', typeVersion: 1, webhookId: randomUUID(), parameters, credentials: { whatsAppApi: api } };
}

function message(parameters: Record<string, unknown>): WorkflowNode {
	return whatsApp({ resource: 'message', operation: 'send', phoneNumberId: sandbox.phoneNumberId, recipientPhoneNumber: phone, ...parameters });
}

async function run(name: string, ...nodes: WorkflowNode[]): Promise<Execution> {
	const { id } = await rest.saveWorkflow(chain(name, [byHand(), ...nodes]));
	return await rest.ended(await rest.run(id, 'By Hand'));
}

/** The newest message on the resident's phone, once it is there. */
function onPhone(wanted: string): Promise<unknown> {
	return until(`the phone shows ${wanted}`, signal, () => [...sandbox.residents.at(digits).thread].reverse().find(({ from, content }) => from === 'council' && JSON.stringify(content).includes(wanted)));
}

describe('the WhatsApp Business Cloud node of n8n', () => {
	it('finds its credential good, and a wrong one bad', async () => {
		expect(await rest.testCredential(api, 'whatsAppApi')).toMatchObject({ status: 'OK' });
		const wrong = await rest.saveCredential('Wrong', 'whatsAppApi', { accessToken: 'wrong', businessAccountId: sandbox.businessAccountId });
		expect(await rest.testCredential(wrong, 'whatsAppApi')).toMatchObject({ status: 'Error' });
	});

	it('sends a text', async () => {
		const execution = await run('Text', message({ messageType: 'text', textBody: 'The road is open – diolch' }));
		expect(itemFrom(execution, 'WhatsApp')).toMatchObject({ messaging_product: 'whatsapp', contacts: [{ wa_id: digits }], messages: [{ id: expect.stringMatching(/^wamid\./) }] });
		await onPhone('The road is open – diolch');
	});

	it('takes the “+” away, so that by the documented rule a stranger gets the message', async () => {
		sandbox.knobs.missingPlus = 'documented';
		const execution = await run('Stranger', message({ messageType: 'text', textBody: 'For somebody else' }));
		sandbox.knobs.missingPlus = 'lenient';
		expect(itemFrom(execution, 'WhatsApp')).toMatchObject({ contacts: [{ input: digits, wa_id: `44${digits}` }] });
	});

	it('sends a template with parameters', async () => {
		const parameter = ['the Civic Centre', '3 March at 10:00'].map((text) => ({ type: 'text', text }));
		const components = { component: [{ type: 'body', bodyParameters: { parameter } }] };
		const execution = await run('Template', whatsApp({ resource: 'message', operation: 'sendTemplate', phoneNumberId: sandbox.phoneNumberId, recipientPhoneNumber: phone, template: 'appointment_reminder|en_GB', components }));
		expect(itemFrom(execution, 'WhatsApp')).toMatchObject({ messages: [{ message_status: 'accepted' }] });
		await onPhone('the Civic Centre is on 3 March at 10:00');
	});

	it('sends a location and a contact', async () => {
		await run('Location', message({ messageType: 'location', longitude: -1.5, latitude: 53.2, additionalFields: { nameAndAddress: { nameAndAddressData: { name: 'Civic Centre', address: '1 Harbour Road' } } } }));
		await onPhone('Civic Centre');
		await run('Contact', message({ messageType: 'contacts', name: { data: { formatted_name: 'Highways Desk', first_name: 'Highways' } }, additionalFields: {} }));
		await onPhone('Highways Desk');
	});

	it('uploads, sends, finds, downloads and deletes media', async () => {
		const words = { name: 'Words', type: 'n8n-nodes-base.set', typeVersion: 3.4, parameters: { mode: 'raw', jsonOutput: '{"words":"Routes: Harbour Road"}' } };
		const file = { name: 'File', type: 'n8n-nodes-base.convertToFile', typeVersion: 1.1, parameters: { operation: 'toText', sourceProperty: 'words', options: { fileName: 'routes.txt' } } };
		const upload = { ...whatsApp({ resource: 'media', operation: 'mediaUpload', phoneNumberId: sandbox.phoneNumberId, mediaPropertyName: 'data', additionalFields: {} }), name: 'Upload' };
		const send = { ...message({ messageType: 'document', mediaPath: 'useMediaId', mediaId: '={{ $json.id }}', mediaFilename: 'routes.txt', additionalFields: { mediaCaption: 'Tonight’s routes' } }), name: 'Send' };
		const find = { ...whatsApp({ resource: 'media', operation: 'mediaUrlGet', mediaGetId: "={{ $('Upload').item.json.id }}" }), name: 'Find' };
		const download = { name: 'Download', type: 'n8n-nodes-base.httpRequest', typeVersion: 4.2, parameters: { url: '={{ $json.url }}', authentication: 'predefinedCredentialType', nodeCredentialType: 'whatsAppApi', options: { response: { response: { responseFormat: 'text' } } } }, credentials: { whatsAppApi: api } };
		const remove = { ...whatsApp({ resource: 'media', operation: 'mediaDelete', mediaDeleteId: "={{ $('Upload').item.json.id }}" }), name: 'Delete' };
		const execution = await run('Media', words, file, upload, send, find, download, remove);
		expect(execution.data.resultData.error?.message).toBeUndefined();
		expect(itemFrom(execution, 'Find')).toMatchObject({ mime_type: 'text/plain', id: itemFrom(execution, 'Upload')?.id });
		expect(itemFrom(execution, 'Download')).toMatchObject({ data: 'Routes: Harbour Road' });
		expect(itemFrom(execution, 'Delete')).toEqual({ success: true });
		await onPhone('Tonight’s routes');
	});

	it('waits for an approval, which the resident gives by the link', async () => {
		const ask = message({ operation: 'sendAndWait', message: 'May the road be closed?', approvalOptions: { values: { approvalType: 'double' } }, options: {} });
		const { id } = await rest.saveWorkflow(chain('Approval', [byHand(), ask]));
		const execution = await rest.run(id, 'By Hand');
		const shown = JSON.stringify(await onPhone('May the road be closed?'));
		await until('the execution waits', signal, async () => (await rest.execution(execution)).status === 'waiting');
		const link = shown.match(/http:\/\/127\.0\.0\.1:\d+\/[^_"\\]*approved=true[^_"\\]*/)?.[0] ?? '';
		const page = await fetch(link, { headers: { 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36' } });
		expect([link !== '', page.status]).toEqual([true, 200]);
		expect(itemFrom(await rest.ended(execution), 'WhatsApp')).toMatchObject({ data: { approved: true } });
	});

	it('tells of a refusal with Meta’s words', async () => {
		const execution = await run('Refused', whatsApp({ resource: 'message', operation: 'sendTemplate', phoneNumberId: sandbox.phoneNumberId, recipientPhoneNumber: phone, template: 'no_such_template|en_GB', components: {} }));
		expect(execution.status).toBe('error');
		expect(JSON.stringify(execution.data.resultData.error)).toContain('132001');
	});
});

describe('the WhatsApp Trigger of n8n', () => {
	it('registers its webhook, starts on what a resident writes and on a status, and takes its webhook away', async () => {
		const app = await rest.saveCredential('Sandbox app', 'whatsAppTriggerApi', { clientId: appId, clientSecret: sandbox.appSecret });
		expect(await rest.testCredential(app, 'whatsAppTriggerApi')).toMatchObject({ status: 'OK' });
		const trigger = { name: 'WhatsApp Trigger', type: 'n8n-nodes-base.whatsAppTrigger', typeVersion: 1, webhookId: randomUUID(), parameters: { updates: ['messages'], options: { messageStatusUpdates: ['delivered'] } }, credentials: { whatsAppTriggerApi: app } };
		const { id } = await rest.saveWorkflow(chain('Trigger', [trigger, { name: 'Then', type: 'n8n-nodes-base.noOp', typeVersion: 1, parameters: {} }]));
		await rest.activate(id);
		expect(await until('the trigger registered its webhook', signal, () => sandbox.webhooks.url)).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/webhook\//);
		const known = new Set<string>();
		const next = async (): Promise<Execution> => {
			const { id: execution } = await newExecution(rest, id, known);
			known.add(execution);
			return await rest.ended(execution);
		};
		sandbox.inbound.receive(sandbox.residents.at(digits), { kind: 'text', text: 'Ydy’r ffordd ar agor? 🚜' });
		expect(itemFrom(await next(), 'WhatsApp Trigger')).toMatchObject({ field: 'messages', messages: [{ type: 'text', from: digits, text: { body: 'Ydy’r ffordd ar agor? 🚜' } }] });
		expect((await run('Text', message({ messageType: 'text', textBody: 'Yes.' }))).status).toBe('success');
		expect(itemFrom(await next(), 'WhatsApp Trigger')).toMatchObject({ statuses: [{ status: 'delivered', recipient_id: digits }] });
		await rest.deactivate(id);
		await until('the webhook is gone', signal, () => sandbox.webhooks.url === undefined);
	});
});
