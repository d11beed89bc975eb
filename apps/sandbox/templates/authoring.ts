import type { SandboxClock } from '../clock';
import { GraphError, invalidParameter } from '../cloudApi/graphError';
import { onlyKeys } from '../cloudApi/objectShape';
import type { JsonObject } from '../http/json';
import type { Knobs } from '../knobs';
import type { TemplateCatalogue } from './catalogue';
import { readCategory, readComponents, readDefinition, readFormat, readTtl, refusedDefinition } from './definition';
import type { TemplateReview } from './review';
import type { Template } from './template';
import type { TemplateNews } from './templateNews';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const editsADay = 1;
const editsAMonth = 10;
const editKeys = new Set(['category', 'components', 'parameter_format', 'message_send_ttl_seconds', 'allow_category_change']);
const editable: ReadonlySet<string> = new Set(['APPROVED', 'REJECTED', 'PAUSED']);

/** What a business does with its templates through the API (Meta, "Template management"). */
export class TemplateAuthoring {
	/** Moments of creations in the last hour, by the time that passed: a clock that is wrong changes nothing. */
	private creations: number[] = [];
	/** Moments of edits of approved templates, by template id. */
	private readonly edits = new Map<string, number[]>();

	constructor(
		private readonly catalogue: TemplateCatalogue,
		private readonly review: TemplateReview,
		private readonly news: TemplateNews,
		private readonly clock: SandboxClock,
		private readonly knobs: Knobs,
	) {}

	/** @throws GraphError 100 with a subcode, or 80007 */
	create(body: unknown): Template {
		const definition = readDefinition(body);
		const now = this.clock.elapsed();
		this.creations = this.creations.filter((moment) => moment > now - hourMs);
		if (this.creations.length >= this.knobs.templatesPerHour) throw new GraphError(80007, 'There have been too many template creations for this account in the last hour.');
		if (this.catalogue.all().length >= this.knobs.templateLimit) throw refusedDefinition(2388019, `The account has ${this.knobs.templateLimit} templates, which is as many as it may have.`);
		const template = this.catalogue.add(definition);
		this.creations.push(now);
		this.review.begin(template);
		return template;
	}

	/**
	 * Changes what is given and sends the template to review again. An approved one may be edited once a day and ten times in
	 * thirty days, and its category stays.
	 *
	 * @throws GraphError 100 with a subcode
	 */
	edit(template: Template, body: JsonObject): void {
		onlyKeys(body, editKeys, 'message_template');
		if (!editable.has(template.status)) throw refusedDefinition(2388039, `A template that is ${template.status} cannot be edited.`);
		const format = body.parameter_format === undefined ? template.parameter_format : readFormat(body);
		const category = body.category === undefined ? template.category : readCategory(body);
		if (template.status === 'APPROVED' && category !== template.category) throw refusedDefinition(2388039, 'The category of an approved template cannot be changed.');
		const components = body.components === undefined ? template.components : readComponents(body.components, format);
		const ttl = readTtl(body.message_send_ttl_seconds, category) ?? template.message_send_ttl_seconds;
		if (Object.keys(body).length === 0) throw invalidParameter('Nothing was given to edit');
		if (template.status === 'APPROVED') this.countEdit(template.id);
		const edited = this.catalogue.change(template.id, { parameter_format: format, category, components, status: 'PENDING', rejected_reason: 'NONE', ...(ttl !== undefined && { message_send_ttl_seconds: ttl }) });
		if (body.components !== undefined) this.news.components(edited);
		this.review.begin(edited);
	}

	/** @throws GraphError 100 when there is no such template, with status 404 [assumed] */
	delete(name: string, id: string | null): void {
		const named = this.catalogue.all().filter((template) => template.name === name && template.status !== 'DELETED' && (id === null || template.id === id));
		if (named.length === 0) throw new GraphError(100, `There is no template ${name}`, { status: 404 });
		for (const template of named) this.review.delete(template.id);
	}

	clear(): void {
		this.creations = [];
		this.edits.clear();
	}

	private countEdit(id: string): void {
		const now = this.clock.elapsed();
		const edits = (this.edits.get(id) ?? []).filter((moment) => moment > now - 30 * dayMs);
		const today = edits.filter((moment) => moment > now - dayMs);
		if (today.length >= editsADay || edits.length >= editsAMonth) throw refusedDefinition(2388039, 'An approved template can be edited once in 24 hours and ten times in 30 days.');
		this.edits.set(id, [...edits, now]);
	}
}
