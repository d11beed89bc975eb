import { z } from 'zod';
import { GraphError } from '../cloudApi/graphError';
import type { SandboxInside } from '../sandbox';
import { readComponents, readDefinition } from '../templates/definition';
import type { Template, TemplateComponent } from '../templates/template';
import { AdminRefusal } from './adminRefusal';

const categories = z.enum(['UTILITY', 'MARKETING', 'AUTHENTICATION']);

const changeSchema = z
	.object({
		name: z.string(),
		language: z.string().default('en_GB'),
		status: z.enum(['APPROVED', 'PENDING', 'REJECTED', 'PAUSED', 'DISABLED', 'IN_APPEAL', 'PENDING_DELETION', 'DELETED', 'ARCHIVED', 'LIMIT_EXCEEDED']).optional(),
		/** For REJECTED. */
		reason: z.string().optional(),
		category: categories.optional(),
		/** The category that Meta means to move the template to. */
		correctCategory: categories.optional(),
		/** What held messages of a paced template come to. */
		pacing: z.enum(['release', 'discard']).optional(),
		/** Residents block or report the template: one step towards its pause. */
		feedback: z.literal('negative').optional(),
		qualityScore: z.enum(['GREEN', 'YELLOW', 'RED', 'UNKNOWN']).optional(),
		/** New text of the body; its variables must keep their examples. */
		body: z.string().optional(),
		/** New address of the first URL button, usually ending in `{{1}}`. */
		url: z.string().optional(),
		components: z.array(z.record(z.unknown())).optional(),
		parameter_format: z.enum(['NAMED', 'POSITIONAL']).optional(),
		message_send_ttl_seconds: z.number().optional(),
	})
	.strict();

type Change = z.infer<typeof changeSchema>;

/**
 * Adds a template (APPROVED unless told otherwise) or changes one, as Meta's review or another person at the business
 * would. A change of status goes out as a webhook.
 *
 * @throws ZodError, AdminRefusal or GraphError
 */
export function changeTemplate(body: unknown, inside: SandboxInside): object {
	const change = changeSchema.parse(body);
	const existing = inside.templates.find(change.name, change.language);
	try {
		const { layout: _layout, ...shown } = existing ? edit(existing, change, inside) : create(change, inside);
		return shown;
	} catch (thrown) {
		if (thrown instanceof GraphError) throw new AdminRefusal(thrown.parts.userMessage ?? thrown.details ?? thrown.message);
		throw thrown;
	}
}

function create({ name, language, category = 'UTILITY', status = 'APPROVED', components, body, parameter_format = 'NAMED', message_send_ttl_seconds }: Change, { templates }: SandboxInside): Template {
	const parts = components ?? (body === undefined ? undefined : [{ type: 'BODY', text: body }]);
	if (!parts) throw new AdminRefusal(`There is no template ${name} in ${language}; give its components (or a body without variables) to add it.`);
	return templates.add(readDefinition({ name, language, category, parameter_format, components: parts, message_send_ttl_seconds }), { status });
}

function edit(existing: Template, change: Change, inside: SandboxInside): Template {
	const { templates, review, news, pacing } = inside;
	const { id } = existing;
	const format = change.parameter_format ?? existing.parameter_format;
	const written = change.components !== undefined || change.body !== undefined || change.url !== undefined;
	const edited = (change.components ?? existing.components).map((component) => withNewTexts(component as TemplateComponent, change));
	const template = templates.change(id, {
		parameter_format: format,
		components: written || format !== existing.parameter_format ? readComponents(edited, format, change.category ?? existing.category) : existing.components,
		...(change.message_send_ttl_seconds !== undefined && { message_send_ttl_seconds: change.message_send_ttl_seconds }),
	});
	if (written) news.components(template);
	if (change.category) review.changeCategory(id, change.category);
	if (change.correctCategory) review.announceCategory(id, change.correctCategory);
	if (change.qualityScore) review.rate(id, change.qualityScore);
	if (change.feedback) review.negativeFeedback(id);
	if (change.pacing) pacing.conclude(id, change.pacing);
	if (change.status && change.status !== templates.get(id)?.status) review.decide(id, change.status, change.reason);
	return templates.get(id) ?? existing;
}

function withNewTexts(component: TemplateComponent, { body, url }: Change): TemplateComponent {
	if (component.type === 'BODY' && body !== undefined) return { ...component, text: body };
	if (component.type !== 'BUTTONS' || url === undefined) return component;
	const first = component.buttons.findIndex(({ type }) => type === 'URL');
	if (first < 0) throw new AdminRefusal('The template has no URL button.');
	const open = url.includes('{{1}}');
	return { ...component, buttons: component.buttons.map((button, index) => (index === first && button.type === 'URL' ? { type: 'URL', text: button.text, url, ...(open && { example: [url.replace('{{1}}', 'example')] }) } : button)) };
}
