import { z } from 'zod';
import type { ResidentAct } from '../residents/act';
import { readPhoneNumber } from '../residents/phoneNumber';
import { ResidentRefusal } from '../residents/residentRefusal';
import type { PhoneMessage, Resident } from '../residents/residents';
import type { SandboxInside } from '../sandbox';
import { samplePlaces } from './samplePlaces';
import { takeSample } from './samples';
import { writtenNumber } from './shownPhone';

const longestText = 4096;
const emoji = z.string().max(16).regex(/^\p{Extended_Pictographic}/u, 'A reaction is one emoji.');
const message = z.string();

const actSchema = z.discriminatedUnion('act', [
	z.object({ act: z.literal('text'), text: z.string().refine((text) => text.trim() !== '', 'Write something first.'), answers: message.optional() }).strict(),
	/** `card`: position of the card that the button is on, for a carousel. */
	z.object({ act: z.literal('tap'), message, button: z.number().int().min(0), card: z.number().int().min(0).optional() }).strict(),
	z.object({ act: z.literal('choose'), message, row: z.string() }).strict(),
	z.object({ act: z.literal('react'), message, emoji: emoji.or(z.literal('')) }).strict(),
	z.object({ act: z.literal('shareLocation'), place: z.number().int().min(0).max(samplePlaces.length - 1).default(0), answers: message.optional() }).strict(),
	z.object({ act: z.literal('shareContact'), answers: message.optional() }).strict(),
	z.object({ act: z.literal('sendSample'), sample: z.enum(['picture', 'voice', 'document']), answers: message.optional() }).strict(),
	z.object({ act: z.literal('read') }).strict(),
	z.object({ act: z.literal('play'), message }).strict(),
	z.object({ act: z.literal('readsByItself'), on: z.boolean() }).strict(),
	z.object({ act: z.literal('online'), on: z.boolean() }).strict(),
	z.object({ act: z.literal('block'), on: z.boolean() }).strict(),
	z.object({ act: z.literal('stopMarketing'), on: z.boolean() }).strict(),
	z.object({ act: z.literal('changeNumber'), to: z.string() }).strict(),
]);

type PhoneAct = z.infer<typeof actSchema>;

/** What the page says when an act is done, where that is more than what the phone shows anyway. */
export interface ActAnswer {
	/** Of the message that the council gets, if it gets one. */
	readonly id?: string;
	readonly said?: string;
	/** The phone that the person has now. */
	readonly number?: string;
}

/**
 * Does what somebody at the page does with a phone.
 *
 * @throws ZodError for what is no act, ResidentRefusal for what this person cannot do now
 */
export function performAct(resident: Resident, body: unknown, inside: SandboxInside): ActAnswer {
	const given = actSchema.parse(body);
	const { controls, inbound } = inside;
	switch (given.act) {
		case 'read': {
			const told = controls.read(resident);
			if (!resident.readReceipts) return { said: `${resident.name} has read receipts switched off: the council is not told.` };
			return { said: told === 0 ? 'Everything here was read already.' : `Read: the council is told of ${told}.` };
		}
		case 'play':
			return { said: controls.play(resident, given.message) ? 'Played: the council is told.' : 'The council is not told of this.' };
		case 'readsByItself':
			controls.setReading(resident, given.on);
			return {};
		case 'online':
			controls.setOnline(resident, given.on);
			return {};
		case 'block':
			controls.setBlocked(resident, given.on);
			return {};
		case 'stopMarketing':
			controls.setMarketing(resident, given.on ? 'stop' : 'resume');
			return {};
		case 'changeNumber':
			return { number: `+${controls.changeNumber(resident, phoneNumberIn(given.to)).number}` };
		default:
			return { id: inbound.receive(resident, messageOf(given, resident, inside)) };
	}
}

/**
 * Brings a phone to the wall, with the number as people write it.
 *
 * @throws ResidentRefusal when it is no number, or the council's own
 */
export function invite(written: string, name: string | undefined, { residents, account }: SandboxInside): Resident {
	const digits = phoneNumberIn(written);
	if (account.allNumbers().some((number) => number.digits === digits)) throw new ResidentRefusal('That is the council’s own number.');
	const resident = residents.at(digits, name);
	resident.invited = true;
	residents.changed(resident);
	return resident;
}

function phoneNumberIn(written: string): string {
	const digits = readPhoneNumber(written);
	if (digits === undefined) throw new ResidentRefusal(`“${written.slice(0, 40)}” is not a phone number. Write one such as 07700 900123 or +44 7700 900123.`);
	return digits;
}

type Writing = Exclude<PhoneAct, { act: 'read' | 'play' | 'readsByItself' | 'online' | 'block' | 'stopMarketing' | 'changeNumber' }>;

function messageOf(given: Writing, resident: Resident, inside: SandboxInside): ResidentAct {
	const quoting = 'answers' in given && given.answers !== undefined ? { answers: arrived(resident, given.answers).id } : {};
	switch (given.act) {
		case 'text':
			return { kind: 'text', text: given.text.slice(0, longestText), ...quoting };
		case 'tap':
			return tapped(arrived(resident, given.message), given, resident);
		case 'choose':
			return chosen(arrived(resident, given.message), given.row);
		case 'react':
			return { kind: 'reaction', to: arrived(resident, given.message).id, ...(given.emoji !== '' && { emoji: given.emoji }) };
		case 'shareLocation':
			return { kind: 'location', location: samplePlaces[given.place] ?? samplePlaces[0], ...quoting };
		case 'shareContact':
			return { ...contactOf(resident), ...quoting };
		case 'sendSample':
			return { kind: 'media', media: takeSample(given.sample, inside), ...quoting };
	}
}

/** A phone acts on what is on it, not on what is still under way. */
function arrived(resident: Resident, id: string): PhoneMessage {
	const found = resident.find(id);
	if (!found) throw new ResidentRefusal('That message is not on this phone.');
	return found;
}

function tapped({ id, content }: PhoneMessage, { button: index, card }: { button: number; card?: number | undefined }, resident: Resident): ResidentAct {
	const button = (card === undefined ? content : content.cards?.[card])?.buttons[index];
	if (button?.kind === 'quick_reply') return { kind: 'button', text: button.text, payload: button.payload, answers: id };
	if (button?.kind === 'reply') return { kind: 'button_reply', id: button.id, title: button.text, answers: id };
	if (button?.kind === 'request_contact') return { ...contactOf(resident), answers: id };
	throw new ResidentRefusal('This message has no such button, or one that sends nothing.');
}

function chosen({ id, content }: PhoneMessage, rowId: string): ResidentAct {
	const row = content.list?.sections.flatMap(({ rows }) => rows).find((candidate) => candidate.id === rowId);
	if (!row) throw new ResidentRefusal('This list has no such row.');
	return { kind: 'list_reply', id: row.id, title: row.title, ...(row.description !== undefined && { description: row.description }), answers: id };
}

function contactOf({ name, number }: Resident): ResidentAct {
	return { kind: 'contacts', asked: true, contacts: [{ name, phones: [{ phone: writtenNumber(number), type: 'CELL', wa_id: number }], emails: [], urls: [], addresses: [] }] };
}
