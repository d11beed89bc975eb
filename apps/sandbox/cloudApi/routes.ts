import { json } from '../http/json';
import type { TextAnswer } from '../http/listener';
import type { TemplateCatalogue } from '../templates/catalogue';
import { readDefinition } from '../templates/definition';
import type { TemplateReview } from '../templates/review';
import type { Template } from '../templates/template';
import { businessAccountId } from './account';
import { callParameters } from './callParameters';
import type { GraphCall, GraphRoute } from './cloudApi';
import { selectFields } from './nodeFields';
import { pageOf } from './paging';

/** Quality and reasons of rejection come only when asked for. [assumed] */
const templateDefaults = ['name', 'parameter_format', 'components', 'language', 'status', 'category', 'sub_category', 'previous_category', 'correct_category', 'message_send_ttl_seconds'] as const;

/** Message templates: list, create, read one. */
export function templateRoute(catalogue: TemplateCatalogue, review: TemplateReview): GraphRoute {
	return (call) => {
		const { method, id, edge, query, address } = call;
		if (id === businessAccountId && edge === 'message_templates') {
			if (method === 'GET') {
				const nodes = catalogue.all().filter((template) => wanted(template, query)).map((template) => select(template, query));
				return json(pageOf(nodes, query, address, (node) => String(node.id)));
			}
			if (method === 'POST') return create(catalogue, review, call);
			return undefined;
		}
		const template = edge === '' && method === 'GET' ? catalogue.get(id) : undefined;
		return template && json(select(template, query));
	};
}

function create(catalogue: TemplateCatalogue, review: TemplateReview, call: GraphCall): TextAnswer {
	const template = catalogue.add(readDefinition(callParameters(call)));
	review.begin(template);
	return json({ id: template.id, status: template.status, category: template.category });
}

function select(template: Template, query: URLSearchParams): Record<string, unknown> {
	const { layout: _layout, ...node } = template;
	const canSend = template.status === 'APPROVED' ? 'AVAILABLE' : 'BLOCKED';
	const health = { can_send_message: canSend, entities: [{ entity_type: 'MESSAGE_TEMPLATE', id: template.id, can_send_message: canSend }] };
	const optional = { previous_category: undefined, correct_category: undefined, message_send_ttl_seconds: undefined };
	return selectFields({ ...optional, ...node, health_status: health }, query.get('fields'), templateDefaults, 'WhatsAppMessageTemplate');
}

/** Filters of the list: exact for status, category and language; part of the text for name. [the latter assumed] */
function wanted(template: Template, query: URLSearchParams): boolean {
	const name = query.get('name');
	const content = query.get('name_or_content')?.toLowerCase();
	return (
		(name === null || template.name.includes(name)) &&
		(content === undefined || template.name.includes(content) || JSON.stringify(template.components).toLowerCase().includes(content)) &&
		oneOf(query.get('status'), template.status) &&
		oneOf(query.get('category'), template.category) &&
		oneOf(query.get('language'), template.language) &&
		oneOf(query.get('quality_score'), template.quality_score.score)
	);
}

/** Graph takes one value, or several as a JSON list or with commas. */
function oneOf(filter: string | null, value: string): boolean {
	return filter === null || filter.replace(/[[\]"'\s]/g, '').split(',').includes(value);
}
