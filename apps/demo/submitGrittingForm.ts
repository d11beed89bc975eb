import type { Council } from './council';
import { submitForm } from './submitForm';
import { until } from './until';

/** Somebody who is signed in to n8n decides to grit. @returns the id of the execution that this starts */
export async function submitGrittingForm(council: Council, { routes, note }: { routes: string[]; note: string }, signal: AbortSignal): Promise<string> {
	const executions = () => council.rest.executions({ workflowId: council.flows.gritting.id });
	const before = new Set((await executions()).map(({ id }) => id));
	const fields = { 'field-0': JSON.stringify(routes), 'field-1': '18:00', 'field-2': note };
	await submitForm(council.forms.gritting, fields, signal);
	return until('the gritting flow started', signal, async () => (await executions()).find(({ id }) => !before.has(id))?.id);
}
