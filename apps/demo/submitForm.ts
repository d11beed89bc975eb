import { setTimeout as pause } from 'node:timers/promises';
import { signInToForm } from '../host/formSignIn';
import { owner } from './aldersea';

/**
 * Fills in an n8n form and sends it, as a browser does, signed in to n8n where the form asks for it. A form that was just
 * activated may need a moment to answer.
 */
export async function submitForm(address: string, fields: Record<string, string | File>, signal: AbortSignal, person = owner): Promise<void> {
	const deadline = Date.now() + 30_000;
	while ((await fetch(address, { signal, redirect: 'manual' })).status === 404 && Date.now() < deadline) await pause(300);
	const token = await signInToForm(address, person, signal);
	const body = new FormData();
	for (const [name, value] of Object.entries(fields)) body.append(name, value);
	const answer = await fetch(address, { method: 'POST', body, signal, ...(token === null ? {} : { headers: { 'x-auth-token': token } }) });
	if (!answer.ok) throw new Error(`The form ${address} answered ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
}
