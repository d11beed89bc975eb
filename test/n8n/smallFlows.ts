import { randomUUID } from 'node:crypto';
import { dutyOfficer } from '../../apps/demo/aldersea';
import type { CredentialReference, WorkflowDefinition, WorkflowNode } from '../../apps/host/n8nRest';

const ours = 'n8n-nodes-civic-comms';

/** A flow whose nodes are connected in the order given, by their first outputs unless `wires` says otherwise. */
export function chain(name: string, nodes: WorkflowNode[], wires: Record<string, string[][]> = {}): WorkflowDefinition {
	const inOrder = nodes.slice(1).map((next, index) => [(nodes[index] as WorkflowNode).name, [[next.name]]] as [string, string[][]]);
	const targets = { ...Object.fromEntries(inOrder), ...wires };
	const connections = Object.fromEntries(
		Object.entries(targets).map(([from, outputs]) => [from, { main: outputs.map((names) => names.map((node) => ({ node, type: 'main', index: 0 }))) }]),
	);
	return { name, nodes: nodes.map((node, index) => ({ id: randomUUID(), position: [index * 220, 0], ...node })), connections, settings: { executionOrder: 'v1' } };
}

export function byHand(): WorkflowNode {
	return { name: 'By Hand', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, parameters: {} };
}

/** A form that lets in whoever is signed in to n8n; they are then the requester. */
export function byForm(): WorkflowNode {
	const parameters = { authentication: 'n8nUserAuth', formTitle: 'A notice', formFields: { values: [{ fieldLabel: 'Note' }] }, options: {} };
	return { name: 'By Form', type: 'n8n-nodes-base.formTrigger', typeVersion: 2.6, webhookId: randomUUID(), parameters };
}

export function draft(channel: CredentialReference, area: string): WorkflowNode {
	const parameters = {
		resource: 'broadcast',
		operation: 'draft',
		title: `Gritting tonight: ${area}`,
		service: 'Highways',
		template: { __rl: true, mode: 'name', value: 'gritting_notice|en_GB' },
		templateValues: { mappingMode: 'defineBelow', value: { body_routes: area, body_time: '18:00', body_note: 'Pavements are not treated.' }, schema: [] },
		topic: 'Winter roads',
		where: 'areas',
		areas: [area],
		requestedBy: dutyOfficer.name,
		requesterEmail: dutyOfficer.email,
	};
	return { name: 'Draft', type: `${ours}.civicWhatsApp`, typeVersion: 1, parameters, credentials: { civicWhatsAppApi: channel } };
}

export function gate(channel: CredentialReference, settings: Record<string, unknown> = {}): WorkflowNode {
	const parameters = { draftId: "={{ $('Draft').first().json.draftId }}" };
	return { name: 'Gate', type: `${ours}.approvalGate`, typeVersion: 1, webhookId: randomUUID(), parameters, credentials: { civicWhatsAppApi: channel }, ...settings };
}

/** Sends the draft of the flow, or the one that is named. */
export function send(channel: CredentialReference, draftId = "={{ $('Draft').first().json.draftId }}"): WorkflowNode {
	const parameters = { resource: 'broadcast', operation: 'send', draftId };
	return { name: 'Send', type: `${ours}.civicWhatsApp`, typeVersion: 1, parameters, credentials: { civicWhatsAppApi: channel } };
}

/** A flow that goes on with the send of a draft, as a person starts it after an interruption. */
export function sendAgain(channel: CredentialReference, draftId: string): WorkflowDefinition {
	return chain('Send again', [byHand(), send(channel, draftId)]);
}

/** A flow that starts on events of the channel, with their words, and works on each of them for `seconds`. */
export function onEvents(name: string, channel: CredentialReference, events: string[], seconds = 0): WorkflowDefinition {
	const trigger = { name: 'Event', type: `${ours}.civicWhatsAppTrigger`, typeVersion: 1, parameters: { events, includeContent: true }, credentials: { civicWhatsAppApi: channel } };
	const work = { name: 'Work', type: 'n8n-nodes-base.wait', typeVersion: 1.1, parameters: { amount: seconds, unit: 'seconds' } };
	return chain(name, [trigger, work]);
}
