import { setTimeout as pause } from 'node:timers/promises';

/** Fills in an n8n form and sends it, as a browser does. A form that was just activated may need a moment to answer. */
export async function submitForm(address: string, fields: Record<string, string | File>, signal: AbortSignal): Promise<void> {
	const deadline = Date.now() + 30_000;
	while ((await fetch(address, { signal })).status === 404 && Date.now() < deadline) await pause(300);
	const body = new FormData();
	for (const [name, value] of Object.entries(fields)) body.append(name, value);
	const answer = await fetch(address, { method: 'POST', body, signal });
	if (!answer.ok) throw new Error(`The form ${address} answered ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
}
