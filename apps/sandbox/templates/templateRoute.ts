import { businessAccountId } from '../cloudApi/account';
import { callParameters } from '../cloudApi/callParameters';
import type { GraphCall, GraphRoute } from '../cloudApi/cloudApi';
import { selectFields } from '../cloudApi/nodeFields';
import { missing } from '../cloudApi/objectShape';
import { pageOf } from '../cloudApi/paging';
import { json } from '../http/json';
import type { TextAnswer } from '../http/listener';
import type { TemplateAuthoring } from './authoring';
import type { TemplateCatalogue } from './catalogue';
import type { Template } from './template';

/** Quality and reasons of rejection come only when asked for. [assumed] */
const templateDefaults = ['name', 'parameter_format', 'components', 'language', 'status', 'category', 'sub_category', 'previous_category', 'correct_category', 'message_send_ttl_seconds'] as const;

/** Message templates: list, create and delete on the account; read and edit on the template. */
export function templateRoute(catalogue: TemplateCatalogue, authoring: TemplateAuthoring): GraphRoute {
	return (call) => {
		if (call.id === businessAccountId && call.edge === 'message_templates') return ofAccount(call, catalogue, authoring);
		const template = call.edge === '' ? catalogue.get(call.id) : undefined;
		if (!template) return undefined;
		if (call.method === 'GET') return json(select(template, call.query));
		if (call.method !== 'POST') return undefined;
		authoring.edit(template, callParameters(call));
		return json({ success: true });
	};
}

function ofAccount(call: GraphCall, catalogue: TemplateCatalogue, authoring: TemplateAuthoring): TextAnswer | undefined {
	const { method, query, address } = call;
	if (method === 'GET') {
		const nodes = catalogue.all().filter((template) => wanted(template, query)).map((template) => select(template, query));
		return json(pageOf(nodes, query, address, (node) => String(node.id)));
	}
	if (method === 'POST') {
		const { id, status, category } = authoring.create(callParameters(call));
		return json({ id, status, category });
	}
	if (method !== 'DELETE') return undefined;
	const name = query.get('name');
	if (!name) throw missing('name');
	authoring.delete(name, query.get('hsm_id'));
	return json({ success: true });
}

function select(template: Template, query: URLSearchParams): Record<string, unknown> {
	const { layout: _layout, createdAt: _createdAt, ...node } = template;
	const canSend = template.status === 'APPROVED' || template.status === 'PENDING_DELETION' ? 'AVAILABLE' : 'BLOCKED';
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
