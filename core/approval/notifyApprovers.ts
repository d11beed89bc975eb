import { CivicError } from '../errors';
import type { ChannelRules } from '../channel/rules';
import { requireApproved } from '../message/requireApproved';
import { sendStaffNotice } from '../message/staffNotice';
import type { Store } from '../store/store';
import type { CloudApi } from '../whatsapp/cloudApi';
import { buttonsOf, type Template } from '../whatsapp/template';
import { parameterFields, type ParameterField, type TemplateValues } from '../whatsapp/templateParameters';
import type { RequestedSignOff } from './requestSignOff';

export interface Notified {
	/** Names of those whom WhatsApp accepted the link for. */
	reached: string[];
	/** Names of those for whom it did not, or not for certain, and why. */
	missed: Array<{ name: string; why: string }>;
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
	request: RequestedSignOff,
): Promise<Notified> {
	const notified: Notified = { reached: [], missed: [] };
	for (const { token, approver } of request.links) {
		const sent = await sendStaffNotice(world, {
			channelId: channel.id,
			purpose: 'sign-off',
			about: request.requestId,
			to: approver.phone,
			template,
			parameters: fill(template, request, approver.name, token, channel.rules.zone),
		});
		if (sent.outcome === 'accepted') notified.reached.push(approver.name);
		else notified.missed.push({ name: approver.name, why: sent.explain });
	}
	return notified;
}

/** Reads the sign-off template before a request exists, so that a wrong one leaves nothing behind. */
export async function readSignOffTemplate(api: CloudApi, rules: ChannelRules): Promise<Template> {
	const { value: template } = await api.getTemplate(rules.signOffTemplate, rules.templateLanguage);
	requireApproved(template);
	return template;
}

/** @throws CivicError template.parameters when the button of the template opens something other than our desk */
export function requireDeskButton(template: Template, pageAddress: string): void {
	const opens = buttonsOf(template).map((button) => button.url ?? '');
	if (opens.some((url) => url.replace(/\{\{[^}]*\}\}$/, '') === pageAddress && url !== pageAddress)) return;
	throw new CivicError(
		'template.parameters',
		`The sign-off template "${template.name}" has no button that opens this desk.`,
		`Give it, in WhatsApp Manager, a link button with the dynamic address ${pageAddress}{{1}}, and have Meta approve it.`,
	);
}

function fill(template: Template, request: RequestedSignOff, approver: string, token: string, zone: string): TemplateValues {
	const known: Record<string, string> = {
		name: approver,
		service: request.draft.service,
		title: request.draft.title,
		people: String(request.draft.people),
		deadline: new Intl.DateTimeFormat('en-GB', { timeZone: zone, weekday: 'short', hour: '2-digit', minute: '2-digit' }).format(new Date(request.expiresAt)),
	};
	const inOrder = ['service', 'title', 'people', 'deadline', 'name'];
	const values: Record<string, string> = {};
	let position = 0;
	for (const field of parameterFields(template)) {
		if (field.where === 'button') values[field.key] = token;
		else values[field.key] = plain(valueFor(field, known, /^\d+$/.test(field.name) ? inOrder[position++] : field.name, template));
	}
	return values;
}

function valueFor(field: ParameterField, known: Record<string, string>, name: string | undefined, template: Template): string {
	const value = name !== undefined && Object.hasOwn(known, name) ? known[name] : undefined;
	if (value !== undefined) return value;
	throw new CivicError(
		'template.parameters',
		`The sign-off template "${template.name}" asks for "${field.label}", which the gate does not know.`,
		`It can fill: ${Object.keys(known).join(', ')}.`,
	);
}

/** Meta takes no line breaks, tabs or long runs of spaces in a parameter ("Template parameters"). */
function plain(text: string): string {
	return text.replace(/\s+/g, ' ').trim().slice(0, 200) || '–';
}
