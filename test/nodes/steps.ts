import { vi } from 'vitest';
import { decideOn } from '../council/steps';
import type { NodeOfFlow, Execution, Flow } from './engine';
import { flowOf } from './engine';
import type { TownHall } from './townHall';

/** The parameters of a Draft Broadcast, as the editor stores them. */
export function draftNode(changes: Record<string, unknown> = {}, name = 'Draft'): NodeOfFlow {
	const values = { body_routes: 'Route 1 and Route 2', body_time: '18:00', body_note: 'Take care.', ...(changes.values as object | undefined) };
	const { values: _, template = 'gritting_notice|en_GB', ...parameters } = changes;
	return {
		name,
		type: 'civicWhatsApp',
		parameters: {
			resource: 'broadcast',
			operation: 'draft',
			title: 'Gritting tonight',
			service: 'Highways',
			template: { __rl: true, mode: 'list', value: template },
			templateValues: {
				mappingMode: 'defineBelow',
				value: values,
				matchingColumns: [],
				schema: Object.keys(values).map((id) => ({ id, displayName: id, required: true, defaultMatch: false, canBeUsedToMatch: false, display: true, type: 'string' })),
			},
			topic: 'Winter roads',
			where: 'areas',
			areas: 'Route 1, Route 2',
			requestedBy: 'Sam Okafor',
			requesterEmail: 'sam.okafor@aldersea.example',
			...parameters,
		} as NodeOfFlow['parameters'],
	};
}

export function gateNode(changes: Partial<NodeOfFlow> = {}, options: Record<string, unknown> = {}): NodeOfFlow {
	return { name: 'Gate', type: 'approvalGate', parameters: { options } as NodeOfFlow['parameters'], ...changes };
}

export function sendNode(changes: Partial<NodeOfFlow> = {}): NodeOfFlow {
	return { name: 'Send', type: 'civicWhatsApp', parameters: { resource: 'broadcast', operation: 'send' }, ...changes };
}

export function reportNode(parameters: Record<string, unknown> = {}): NodeOfFlow {
	return { name: 'Report', type: 'civicWhatsApp', parameters: { resource: 'broadcast', operation: 'getReport', ...parameters } as NodeOfFlow['parameters'] };
}

/** Draft → Gate, and behind each lane a node that shows what came out of it. Send hangs on all three, as a careless author might do. */
export function gatedFlow({ draft = draftNode(), gate = gateNode(), send = sendNode() }: { draft?: NodeOfFlow; gate?: NodeOfFlow; send?: NodeOfFlow } = {}): Flow {
	const lanes = ['Expired', 'Rejected', 'Approved'].map((name): NodeOfFlow => ({ name, type: 'test.passOn' }));
	return flowOf([draft, gate, ...lanes, send], ['Draft → Gate', 'Gate.0 → Expired', 'Gate.1 → Rejected', 'Gate.2 → Approved', 'Expired → Send', 'Rejected → Send', 'Approved → Send']);
}

export const morgan = '447700900901';
export const priya = '447700900902';

/** The newest sign-off link on somebody's phone, once it has got there. */
export async function linkOn(hall: TownHall, phone = morgan): Promise<string> {
	await hall.sandbox.idle();
	const messages = hall.sandbox.residents.find(phone)?.thread ?? [];
	const link = messages.flatMap(({ content }) => content.buttons.flatMap((button) => (button.kind === 'url' ? [button.url] : []))).at(-1);
	if (link === undefined) throw new Error(`no link on ${phone}`);
	return link;
}

export async function decide(hall: TownHall, decision: 'approve' | 'reject' | 'return', reason = ''): Promise<void> {
	const { status } = await decideOn(await linkOn(hall), decision, reason);
	if (status !== 303) throw new Error(`the desk answered ${status}`);
}

/** Waits until n8n has gone on with an execution and come to its end. */
export function ended(execution: Execution): Promise<Execution> {
	return vi.waitUntil(() => (execution.status === 'waiting' || execution.status === 'running' ? undefined : execution), { timeout: 15_000, interval: 10 });
}

/** Messages that WhatsApp took for residents: everything, less what went to the approvers. */
export function residentsMessaged(hall: TownHall): number {
	return [...hall.sandbox.residents.all()].filter(({ number }) => number !== morgan && number !== priya).reduce((sum, { accepted }) => sum + accepted, 0);
}
