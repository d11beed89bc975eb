import { z } from 'zod';
import type { CallbackPlace } from '../delivery/webhookSender';
import type { SandboxInside } from '../sandbox';
import { AdminRefusal } from './adminRefusal';

const webhookSchema = z
	.object({
		/** Where webhooks go once the address has passed the handshake; null for nowhere. */
		url: z.string().min(1).nullable(),
		verifyToken: z.string().optional(),
		/** Subscribed fields; all by default. */
		fields: z.array(z.string()).optional(),
		/** Whose address it is: an app's (the council's own by default), or an override. */
		app: z.string().optional(),
		account: z.literal(true).optional(),
		number: z.string().optional(),
	})
	.strict();

/** @throws ZodError, AdminRefusal, or HandshakeRefused */
export async function setWebhook(body: unknown, { settings, account, target, webhooks }: SandboxInside): Promise<object> {
	const { url, verifyToken, fields, app, number, ...given } = webhookSchema.parse(body);
	if (app !== undefined && !settings.apps.some(({ id }) => id === app)) throw new AdminRefusal(`There is no app ${app}; the apps are ${settings.apps.map(({ id }) => id).join(' and ')}.`);
	if (number !== undefined && !account.number(number)) throw new AdminRefusal(`This sandbox has no business number ${number}.`);
	const place: CallbackPlace | undefined = app !== undefined ? { app } : number !== undefined ? { number } : given.account ? { account: true } : undefined;
	if (url === null) target.forget(place);
	else await target.accept(url, { ...(place && { place }), verifyToken, fields });
	return { url: webhooks.url ?? null, verified: webhooks.url !== undefined };
}

const repeatSchema = z.object({ sequence: z.number().int().positive().optional(), times: z.number().int().min(1).max(1000).default(1) }).strict();

/**
 * Sends a webhook of the journal again with the same bytes: the newest one, or the one with that sequence number.
 *
 * @throws ZodError or AdminRefusal
 */
export function repeatWebhook(body: unknown, { journal, webhooks }: SandboxInside): object {
	const { sequence, times } = repeatSchema.parse(body);
	const sent = journal.entries({ kind: 'webhook' }).filter(({ attempt }) => attempt !== undefined);
	const entry = sequence === undefined ? sent.at(-1) : sent.find((one) => one.sequence === sequence);
	if (entry?.body === undefined) throw new AdminRefusal('The journal has no such webhook.', 404);
	let repeated = 0;
	for (let nth = 0; nth < times; nth++) repeated += webhooks.repeat(entry.body);
	return { repeated };
}
