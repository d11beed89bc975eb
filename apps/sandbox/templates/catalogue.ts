import type { Clock } from '../clock';
import { GraphError } from '../cloudApi/graphError';
import type { SeededRandom } from '../seededRandom';
import { refusedDefinition } from './refusedDefinition';
import { seedTemplates } from './seeds';
import { layOut, type Template, type TemplateDefinition, type TemplateState } from './template';

export type TemplateChange = Partial<Omit<TemplateDefinition, 'name' | 'language'> & Omit<TemplateState, 'id'> & { createdAt: number }>;

/** The message templates of the business account, in order of creation. */
export class TemplateCatalogue {
	private readonly byId = new Map<string, Template>();
	private readonly idByKey = new Map<string, string>();
	private readonly languages = new Map<string, Set<string>>();

	constructor(
		private readonly random: SeededRandom,
		private readonly clock: Clock,
	) {
		this.reset();
	}

	/** Back to the templates every sandbox starts with. */
	reset(): void {
		this.byId.clear();
		this.idByKey.clear();
		this.languages.clear();
		for (const { status, definition, ...rest } of seedTemplates()) this.add(definition, { status, createdAt: undefined, ...rest });
	}

	all(): Template[] {
		return [...this.byId.values()];
	}

	get(id: string): Template | undefined {
		return this.byId.get(id);
	}

	find(name: string, language: string): Template | undefined {
		return this.byId.get(this.idByKey.get(keyOf(name, language)) ?? '');
	}

	hasName(name: string): boolean {
		return this.languages.has(name);
	}

	/** @throws GraphError 100 when name and language are taken (2388024), or are those of a template being deleted (2388023 [assumed]) */
	add(definition: TemplateDefinition, state: Partial<Omit<TemplateState, 'id'> & { createdAt: number | undefined }> = {}): Template {
		const key = keyOf(definition.name, definition.language);
		if (this.find(definition.name, definition.language)?.status === 'PENDING_DELETION') {
			throw refusedDefinition(2388023, `The template ${definition.name} in ${definition.language} is being deleted; its name is free again 30 days after its deletion.`);
		}
		if (this.idByKey.has(key)) throw refusedDefinition(2388024, `There is already a template ${definition.name} in ${definition.language}.`);
		const template: Template = {
			...definition,
			id: this.newId(key),
			status: 'PENDING',
			sub_category: 'CUSTOM',
			rejected_reason: 'NONE',
			quality_score: { score: 'UNKNOWN', date: Math.floor(this.clock.now() / 1000) },
			createdAt: this.clock.now(),
			...state,
			layout: layOut(definition),
		};
		this.byId.set(template.id, template);
		this.idByKey.set(key, template.id);
		this.languages.set(definition.name, (this.languages.get(definition.name) ?? new Set()).add(definition.language));
		return template;
	}

	change(id: string, change: TemplateChange): Template {
		const current = this.byId.get(id);
		if (!current) throw new GraphError(100, `There is no template ${id}`);
		const changed = { ...current, ...change };
		const template: Template = { ...changed, layout: layOut(changed) };
		this.byId.set(id, template);
		return template;
	}

	remove(id: string): void {
		const template = this.byId.get(id);
		if (!template) return;
		const { name, language } = template;
		this.byId.delete(id);
		this.idByKey.delete(keyOf(name, language));
		const languages = this.languages.get(name);
		languages?.delete(language);
		if (languages?.size === 0) this.languages.delete(name);
	}

	private newId(key: string): string {
		let nth = 0;
		let id: string;
		do id = `56${String(this.random.integer(key, 'template', nth++)).padStart(13, '0')}`;
		while (this.byId.has(id));
		return id;
	}
}

function keyOf(name: string, language: string): string {
	return `${name}\n${language}`;
}
