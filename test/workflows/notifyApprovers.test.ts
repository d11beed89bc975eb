import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { locatorItems } from '../../core/approval/locators';
import type { RequestedSignOff } from '../../core/approval/requestSignOff';
import { nodeOf, readSampleFlow, resolved } from './expressions';

const flow = readSampleFlow('notify-approvers');
const trigger = nodeOf(flow, 'When the Gate Calls');
const mail = nodeOf(flow, 'Send Email');

const request: RequestedSignOff = {
	requestId: 'r',
	expiresAt: Date.parse('2026-11-24T17:30:00Z'),
	pageAddress: 'https://n8n.aldersea.example/webhook/desk/',
	draft: { title: 'Gritting tonight', service: 'Highways', people: 240 },
	signaturesNeeded: 1,
	linkKind: 'locator',
	links: [{ token: 'A'.repeat(43), approver: { name: 'Morgan Ellis', email: 'morgan.ellis@aldersea.example', phone: '+447700900901' } }],
};
const [item = nobody()] = locatorItems(request, 'Europe/London');

function nobody(): never {
	throw new Error('nobody was asked');
}

describe('the flow that tells approvers', () => {
	it('takes what a gate gives, no more and no less', () => {
		const { values } = trigger.parameters.workflowInputs as { values: Array<{ name: string; type?: string }> };
		expect(Object.fromEntries(values.map(({ name, type = 'string' }) => [name, type]))).toEqual(Object.fromEntries(Object.entries(item).map(([name, value]) => [name, typeof value])));
	});

	it('writes each approver a mail with their link, and says that a code follows', () => {
		const { toEmail, subject, text } = resolved(mail.parameters, mail, { ...item }) as Record<string, string>;
		expect([toEmail, subject]).toEqual(['morgan.ellis@aldersea.example', 'Sign-off needed: Gritting tonight']);
		for (const part of ['Morgan Ellis', 'Highways', '240 people', 'Tue 24 Nov, 17:30', `\nhttps://n8n.aldersea.example/webhook/desk/${'A'.repeat(43)}\n`, 'code']) expect(text).toContain(part);
	});

	it('sends nothing until somebody has configured it, and holds no credential', () => {
		expect(mail.disabled).toBe(true);
		expect(flow.nodes.flatMap(({ credentials }) => Object.keys(credentials ?? {}))).toEqual([]);
	});

	it('is connected, and explained on notes', () => {
		const { connections } = JSON.parse(readFileSync(join(__dirname, '../../workflows/notify-approvers.json'), 'utf8')) as { connections: Record<string, { main: Array<Array<{ node: string }>> }> };
		for (const [from, { main }] of Object.entries(connections)) for (const name of [from, ...main.flat().map(({ node }) => node)]) expect(nodeOf(flow, name)).toBeDefined();
		expect(flow.nodes.filter(({ type }) => type.endsWith('stickyNote')).map(({ parameters }) => parameters.content).join()).toContain('only shows the page');
	});
});

describe('what a gate gives to another flow', () => {
	it('holds no phone number', () => {
		expect(JSON.stringify(item)).not.toMatch(/7700\W?900/);
	});

	it('is never a link that decides alone', () => {
		expect(() => locatorItems({ ...request, linkKind: 'private' }, 'Europe/London')).toThrow(expect.objectContaining({ code: 'approval.link' }));
	});
});
