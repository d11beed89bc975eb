import { CivicError } from '../errors';
import type { ChannelRules } from '../channel/rules';
import { requireApproved } from '../message/requireApproved';
import { sendStaffNotice } from '../message/staffNotice';
import type { Store } from '../store/store';
import type { CloudApi } from '../whatsapp/cloudApi';
import { buttonsOf, type Template } from '../whatsapp/template';
import { parameterFields, unsupportedParts, type ParameterField, type TemplateValues } from '../whatsapp/templateParameters';
import type { RequestedSignOff } from './requestSignOff';

/** What an approver is told, and by which links they get to the page. */
export type SignOffNotice = Pick<RequestedSignOff, 'requestId' | 'expiresAt' | 'pageAddress' | 'draft' | 'links'>;

export interface Notified {
	/** Names of those whom WhatsApp accepted the link for. */
	reached: string[];
	/** Names of those for whom it did not, or not for certain, and why. */
	missed: Array<{ name: string; why: string; /** WhatsApp gave no clear answer. */ mayHaveIt: boolean }>;
}

/**
 * Brings each approver their own link, by WhatsApp, to the number in the rules. A link never passes through the flow:
 * whoever holds it can sign.
 * @throws CivicError template.* when the sign-off template cannot carry the link
 */
export async function notifyApprovers(
	world: { store: Store; api: CloudApi },
	channel: { id: string; rules: ChannelRules },
	template: Template,
	request: SignOffNotice,
	purpose: 'sign-off' | 'reminder' = 'sign-off',
): Promise<Notified> {
	requireDeskButton(template, request.pageAddress);
	const notified: Notified = { reached: [], missed: [] };
	for (const { token, approver } of request.links) {
		const sent = await sendStaffNotice(world, {
			channelId: channel.id,
			purpose,
			about: request.requestId,
			to: approver.phone,
			template,
			parameters: fill(template, request, approver.name, token, channel.rules.zone),
		});
		if (sent.outcome === 'accepted') notified.reached.push(approver.name);
		else notified.missed.push({ name: approver.name, why: sent.explain, mayHaveIt: sent.outcome === 'uncertain' });
	}
	return notified;
}

/**
 * Reads the sign-off template before a request exists, so that a wrong one leaves nothing behind.
 * @throws CivicError template.* when it is not approved, or asks for what the gate cannot fill in
 */
export async function readSignOffTemplate(api: CloudApi, rules: ChannelRules): Promise<Template> {
	const { value: template } = await api.getTemplate(rules.signOffTemplate, rules.templateLanguage);
	requireApproved(template);
	const unsupported = unsupportedParts(template);
	if (unsupported.length > 0) {
		throw new CivicError('template.parameters', `The sign-off template "${template.name}" cannot be sent from here: ${unsupported.join(' ')}`, 'Have IT name a template with text and a link in the credential.');
	}
	textFields(template).forEach((field, position) => requireKnown(field, meaningOf(field, position), template));
	return template;
}

/** @throws CivicError template.parameters when a button of the template takes the secret elsewhere than to our desk, or none takes it there */
export function requireDeskButton(template: Template, pageAddress: string): void {
	const open = buttonsOf(template).flatMap(({ url }) => (url !== undefined && url.includes('{{') ? [url] : []));
	const elsewhere = open.find((url) => url.replace(/\{\{[^{}]*\}\}$/, '') !== pageAddress);
	const hint = `Give it, in WhatsApp Manager, one link button with the dynamic address ${pageAddress}{{1}}, and have Meta approve it.`;
	if (elsewhere !== undefined) {
		throw new CivicError('template.parameters', `A button of the sign-off template "${template.name}" leads elsewhere than to this desk: ${elsewhere}`, hint);
	}
	if (open.length === 0) throw new CivicError('template.parameters', `The sign-off template "${template.name}" has no button that opens this desk.`, hint);
}

const meanings = ['service', 'title', 'people', 'deadline', 'name'] as const;
type Meaning = (typeof meanings)[number];

function fill(template: Template, request: SignOffNotice, approver: string, token: string, zone: string): TemplateValues {
	const known: Record<Meaning, string> = {
		service: request.draft.service,
		title: request.draft.title,
		people: String(request.draft.people),
		deadline: new Intl.DateTimeFormat('en-GB', { timeZone: zone, weekday: 'short', hour: '2-digit', minute: '2-digit' }).format(new Date(request.expiresAt)),
		name: approver,
	};
	const links = parameterFields(template).filter(({ kind }) => kind === 'linkEnd');
	return {
		...Object.fromEntries(links.map(({ key }) => [key, token])),
		...Object.fromEntries(textFields(template).map((field, position) => [field.key, plain(known[requireKnown(field, meaningOf(field, position), template)])])),
	};
}

/** Everything else that has to be filled in; what is not a text is asked for in vain, and said so. */
function textFields(template: Template): ParameterField[] {
	return parameterFields(template).filter(({ kind, required }) => required && kind !== 'linkEnd');
}

/** Numbered fields are filled in the order of `meanings`, named ones by name. */
function meaningOf(field: ParameterField, position: number): string | undefined {
	return /^\d+$/.test(field.name) ? meanings[position] : field.name;
}

function requireKnown(field: ParameterField, meaning: string | undefined, template: Template): Meaning {
	const known = meanings.find((one) => one === meaning);
	if (known !== undefined) return known;
	throw new CivicError('template.parameters', `The sign-off template "${template.name}" asks for "${field.label}", which the gate does not know.`, `It can fill: ${meanings.join(', ')}.`);
}

const longestValue = 200;

/** Meta takes no line breaks, tabs, long runs of spaces or half characters in a parameter ("Template parameters"). */
function plain(text: string): string {
	const line = text.replace(/[\s\p{Cc}\p{Cs}]+/gu, ' ').trim();
	return Array.from(line).slice(0, longestValue).join('') || '–';
}
