import { z } from 'zod';
import type { InboundOptions, ResidentAct } from '../residents/inbound';
import type { Resident } from '../residents/residents';
import type { SandboxInside } from '../sandbox';
import { AdminRefusal } from './adminRefusal';
import { readMedia, mediaSchema } from './readMedia';

const quoted = z.string().optional();
const contactSchema = z.object({ name: z.string().min(1), phone: z.string().regex(/^\+?[\d\s()-]{7,20}$/, 'a phone number such as +447700900123') }).strict();

/** What a resident may do, of which one is done. Ids of messages are those that the API or a webhook gave. */
const acts = {
	text: z.string(),
	/** A tap on a quick reply of a template message that this phone received; the newest fitting one by default. */
	button: z.object({ text: z.string().optional(), payload: z.string().optional(), message: quoted }).strict(),
	/** A tap on a reply button of an interactive message. */
	reply: z.object({ id: z.string(), title: z.string(), message: quoted }).strict(),
	/** A row of an interactive list. */
	list: z.object({ id: z.string(), title: z.string(), description: z.string().optional(), message: quoted }).strict(),
	media: mediaSchema,
	location: z.object({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180), name: z.string().optional(), address: z.string().optional() }).strict(),
	contacts: z.array(contactSchema).min(1).max(257),
	/** Without an emoji, the reaction is taken back. */
	reaction: z.object({ message: z.string(), emoji: z.string().min(1).max(16).optional() }).strict(),
	/** What WhatsApp cannot pass on, such as a poll. */
	unsupported: z.object({ code: z.union([z.literal(131051), z.literal(131060)]).default(131051), type: z.string().max(60).default('unknown') }).strict(),
} as const;

const kinds = Object.keys(acts) as Array<keyof typeof acts>;

const inboundSchema = z
	.object({
		from: z.string().regex(/^\+?[\d\s()-]{7,20}$/, 'a phone number such as +447700900123'),
		name: z.string().optional(),
		/** The message that this one quotes, where its kind does not say so itself. */
		answers: z.string().optional(),
		/** Forwarded, once or many times. */
		forwarded: z.enum(['once', 'often']).optional(),
		ageSeconds: z.number().min(0).max(1e9).optional(),
		id: z.string().optional(),
		/** The business number written to. */
		phoneNumberId: z.string().optional(),
		...(Object.fromEntries(Object.entries(acts).map(([kind, schema]) => [kind, schema.optional()])) as { [Kind in keyof typeof acts]: z.ZodOptional<(typeof acts)[Kind]> }),
	})
	.strict()
	.refine((given) => kinds.filter((kind) => given[kind] !== undefined).length === 1, `one of ${kinds.join(', ')} is needed`);

type Given = z.infer<typeof inboundSchema>;

/** @throws ZodError or AdminRefusal */
export function readInbound(body: unknown, inside: SandboxInside): { resident: Resident; act: ResidentAct; options: InboundOptions } {
	const given = inboundSchema.parse(body);
	const { from, name, ageSeconds, id, phoneNumberId, answers, forwarded } = given;
	const number = phoneNumberId === undefined ? inside.account.firstNumber : inside.account.number(phoneNumberId);
	if (!number) throw new AdminRefusal(`This sandbox has no business number ${phoneNumberId}.`);
	const resident = inside.residents.byWrittenNumber(from, name);
	const act = actOf(given, resident, number.id, inside);
	return {
		resident,
		act: answers === undefined ? act : { ...act, answers },
		options: { number, ...(ageSeconds !== undefined && { ageSeconds }), ...(id !== undefined && { id }), ...(forwarded && { forwarded }) },
	};
}

function actOf(given: Given, resident: Resident, numberId: string, inside: SandboxInside): ResidentAct {
	const { text, reply, list, media, location, contacts, reaction, unsupported, button } = given;
	if (text !== undefined) return { kind: 'text', text };
	if (reply) return { kind: 'button_reply', id: reply.id, title: reply.title, ...(reply.message && { answers: reply.message }) };
	if (list) {
		const { message, description, ...row } = list;
		return { kind: 'list_reply', ...row, ...(description !== undefined && { description }), ...(message !== undefined && { answers: message }) };
	}
	if (media) return { kind: 'media', media: readMedia(media, numberId, inside.media) };
	if (location) return { kind: 'location', location };
	if (contacts) return { kind: 'contacts', asked: false, contacts: contacts.map(({ name, phone }) => ({ name, phones: [{ phone, wa_id: phone.replace(/\D/g, '') }], emails: [], urls: [], addresses: [] })) };
	if (reaction) return { kind: 'reaction', to: reaction.message, ...(reaction.emoji !== undefined && { emoji: reaction.emoji }) };
	if (unsupported) return { kind: 'unsupported', ...unsupported };
	return tapped(resident, button ?? {});
}

function tapped(resident: Resident, { text, payload, message }: { text?: string | undefined; payload?: string | undefined; message?: string | undefined }): ResidentAct {
	for (const candidate of [...resident.thread].reverse()) {
		if (message !== undefined && candidate.id !== message) continue;
		for (const button of [candidate.content, ...(candidate.content.cards ?? [])].flatMap(({ buttons }) => buttons)) {
			if (button.kind !== 'quick_reply') continue;
			const fits = (text === undefined || button.text === text) && (payload === undefined || button.payload === payload);
			if (fits) return { kind: 'button', text: button.text, payload: button.payload, answers: candidate.id };
		}
	}
	// Without a message that has the button, the tap is made up from what was given.
	if (text === undefined) throw new AdminRefusal('This phone has received no message with such a button; give its text and payload.');
	return { kind: 'button', text, payload: payload ?? text, ...(message !== undefined && { answers: message }) };
}
