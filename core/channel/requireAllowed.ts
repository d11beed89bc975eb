import { codeFor, topicName } from '../audience/code';
import { CivicError } from '../errors';
import { typed } from '../whatsapp/redaction';
import type { Channel } from './channel';
import type { Service } from './rules';
import { hasAddress, type KnownPerson } from './samePerson';

/** What a service wants to do on a channel, as far as the rules have a say in it. */
export interface Wish {
	service: string;
	requester: KnownPerson;
	/** Code of the topic. */
	topic: string;
	/** Codes of the areas; null means everywhere. */
	areas: string[] | null;
	people: number;
}

/**
 * Whether a service may send this on a channel. Asked when a draft is made and again when it is to be signed: the rules may
 * have changed in between, and from then on the sign-off is bound to them. What no rule allows is refused.
 * @throws CivicError channel.rules
 */
export function requireAllowed(channel: Channel, wish: Wish): void {
	const service = requireService(channel, wish.service);
	requireRequester(channel, service, wish.requester);
	requireTopic(channel, service, wish.topic);
	requireAreas(channel, service, wish.areas);
	requireReach(channel, wish.people);
}

/** @throws CivicError channel.rules */
export function requireService(channel: Channel, name: string): Service {
	const service = channel.rules.services.find((one) => one.name === name);
	if (service !== undefined) return service;
	throw refused(
		`Service "${typed(name)}" may not use channel "${channel.name}".`,
		`Services that may: ${channel.rules.services.map((one) => one.name).join(', ')}. IT adds one in the credential "Civic WhatsApp API".`,
	);
}

function requireRequester(channel: Channel, { name, requesters }: Service, requester: KnownPerson): void {
	if (requesters.length === 0 || requesters.some((email) => hasAddress(requester, email))) return;
	throw refused(
		`${typed(requester.name)} may not ask for broadcasts of service "${name}" on channel "${channel.name}"${requester.email === null ? ': no e-mail address was given to know them by' : ''}.`,
		'Have one of those ask whom IT named for this service in the credential "Civic WhatsApp API", with their e-mail address.',
	);
}

function requireTopic(channel: Channel, { name, topics }: Service, topic: string): void {
	if (topics.length === 0 || topics.some((allowed) => codeFor(allowed) === topic)) return;
	throw refused(
		`Service "${name}" may not write about "${typed(topicName(topic))}" on channel "${channel.name}".`,
		`Its topics are: ${topics.join(', ')}. IT adds one in the credential "Civic WhatsApp API".`,
	);
}

function requireAreas(channel: Channel, { name, areas }: Service, asked: string[] | null): void {
	if (areas.length === 0) return;
	const allowed = new Set(areas.flatMap((area) => [area, codeFor(area)]));
	const beyond = asked === null ? 'everywhere' : asked.find((area) => !allowed.has(area));
	if (beyond === undefined) return;
	throw refused(
		`Service "${name}" may not write to ${beyond === 'everywhere' ? 'people everywhere' : `area "${typed(beyond)}"`} on channel "${channel.name}".`,
		`Its areas are: ${areas.join(', ')}. IT adds one in the credential "Civic WhatsApp API".`,
	);
}

function requireReach(channel: Channel, people: number): void {
	if (people <= channel.rules.reach) return;
	throw refused(
		`${people} people would get this message; channel "${channel.name}" allows ${channel.rules.reach} for one broadcast.`,
		'Choose fewer areas, or have IT raise the reach in the credential.',
	);
}

function refused(what: string, goOn: string): CivicError {
	return new CivicError('channel.rules', what, goOn);
}
