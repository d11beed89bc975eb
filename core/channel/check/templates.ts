import type { Template } from '../../whatsapp/template';
import { ok, problem, unknown, warning, type Check } from './finding';

const key = ({ name, language }: Pick<Template, 'name' | 'language'>) => `${name} (${language})`;

/** Whether what the channel uses can be sent, and what is about to change. */
export const templates: Check = {
	name: 'templates',
	run: async ({ meta, store, settings }) => {
		const { templates: all, more } = await meta.templates();
		const { templates: drafted } = await store();
		const { signOffTemplate: name, templateLanguage: language } = settings.rules;
		const needed = new Map([{ name, language }, ...drafted].map((template) => [key(template), template]));
		const known = new Map(all.map((template) => [key(template), template]));
		const missing = [...needed.keys()].filter((wanted) => !known.has(wanted));
		const stopped = all.filter((template) => needed.has(key(template)) && template.status !== 'APPROVED');
		const changing = all.filter(({ status, correctCategory }) => correctCategory !== undefined && status === 'APPROVED');
		const poor = all.filter((template) => needed.has(key(template)) && template.quality === 'RED');
		const counts: Record<string, number> = {};
		for (const { status } of all) counts[status] = (counts[status] ?? 0) + 1;
		const data = {
			needed: [...needed.keys()],
			missing,
			notApproved: stopped.map((template) => ({ name: template.name, language: template.language, status: template.status, rejectedReason: template.rejectedReason ?? null })),
			categoryChangePending: changing.map((template) => ({ name: template.name, language: template.language, from: template.category, to: template.correctCategory })),
			counts,
		};
		if (stopped.length > 0) {
			return problem(`Not approved at Meta, and used by this channel: ${stopped.map((template) => `${key(template)} is ${template.status.toLowerCase()}${reason(template)}`).join(', ')}.`, 'Open the template in WhatsApp Manager. A paused one comes back by itself; a rejected one has to be reworded.', data);
		}
		if (missing.length > 0 && more) return unknown(`This account has more templates than are read here, and ${missing.join(', ')} was not among them.`, 'Look the template up with Template: Get.', data);
		if (missing.length > 0) return problem(`Used by this channel, and not there at Meta: ${missing.join(', ')}.`, 'Submit it with Template: Submit, which has the templates of all sample flows.', data);
		if (changing.length > 0) {
			return warning(`Meta means to change the category of ${changing.map((template) => `${key(template)} from ${template.category.toLowerCase()} to ${(template.correctCategory ?? '').toLowerCase()}`).join(', ')}. That changes consent and price, and signed drafts are then refused.`, 'Reword the template so that it holds nothing that advertises, or ask Meta for a review within 60 days.', data);
		}
		if (poor.length > 0) return warning(`Rated low by the people who got it: ${poor.map(key).join(', ')}. Meta may pause it.`, 'Find out who was messaged without wanting it.', data);
		const used = needed.size === 1 ? 'The one template that this channel uses is' : `All ${needed.size} templates that this channel uses are`;
		return ok(`${used} approved.`, data);
	},
};

function reason({ rejectedReason }: Template): string {
	return rejectedReason === undefined ? '' : ` (${rejectedReason})`;
}
