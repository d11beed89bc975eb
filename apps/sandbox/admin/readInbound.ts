import { z } from 'zod';
import type { InboundOptions, ResidentAct } from '../residents/inbound';
import type { Resident } from '../residents/residents';
import type { SandboxInside } from '../sandbox';
import { AdminRefusal } from './adminRefusal';

const inboundSchema = z
	.object({
		from: z.string().regex(/^\+?[\d\s()-]{7,20}$/, 'a phone number such as +447700900123'),
		name: z.string().optional(),
		text: z.string().optional(),
		/** A tap on a quick reply of a template message that this phone received; the newest fitting one by default. */
		button: z.object({ text: z.string().optional(), payload: z.string().optional(), message: z.string().optional() }).strict().optional(),
		/** A tap on a reply button of an interactive message. */
		reply: z.object({ id: z.string(), title: z.string(), message: z.string().optional() }).strict().optional(),
		ageSeconds: z.number().min(0).optional(),
		id: z.string().optional(),
		/** The business number written to. */
		phoneNumberId: z.string().optional(),
	})
	.strict()
	.refine(({ text, button, reply }) => [text, button, reply].filter((kind) => kind !== undefined).length === 1, 'one of text, button and reply is needed');

/** @throws ZodError or AdminRefusal */
export function readInbound(body: unknown, { residents, account }: SandboxInside): { resident: Resident; act: ResidentAct; options: InboundOptions } {
	const { from, name, text, button, reply, ageSeconds, id, phoneNumberId } = inboundSchema.parse(body);
	const number = phoneNumberId === undefined ? account.firstNumber : account.number(phoneNumberId);
	if (!number) throw new AdminRefusal(`This sandbox has no business number ${phoneNumberId}.`);
	const resident = residents.at(from.replace(/\D/g, ''), name);
	const options = { number, ...(ageSeconds !== undefined && { ageSeconds }), ...(id !== undefined && { id }) };
	if (text !== undefined) return { resident, act: { kind: 'text', text }, options };
	if (reply) return { resident, act: { kind: 'button_reply', id: reply.id, title: reply.title, ...(reply.message && { answers: reply.message }) }, options };
	return { resident, act: tapped(resident, button ?? {}), options };
}

function tapped(resident: Resident, { text, payload, message }: { text?: string | undefined; payload?: string | undefined; message?: string | undefined }): ResidentAct {
	for (const candidate of [...resident.thread].reverse()) {
		if (message !== undefined && candidate.id !== message) continue;
		for (const button of candidate.content.buttons) {
			const fits = button.kind === 'quick_reply' && (text === undefined || button.text === text) && (payload === undefined || button.payload === payload);
			if (fits) return { kind: 'button', text: button.text, payload: button.payload, answers: candidate.id };
		}
	}
	// Without a message that has the button, the tap is made up from what was given.
	if (text === undefined) throw new AdminRefusal('This phone has received no message with such a button; give its text and payload.');
	return { kind: 'button', text, payload: payload ?? text, ...(message !== undefined && { answers: message }) };
}
