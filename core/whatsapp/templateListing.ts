import { CivicError } from '../errors';
import type { GraphCaller } from './graphCall';
import { field, objectAt, textAt } from './jsonReading';
import { typedMetaId } from './redaction';
import { type Template, parseTemplate } from './template';

const fields = 'id,name,language,status,category,correct_category,rejected_reason,quality_score,parameter_format,message_send_ttl_seconds,components';
const pageSize = '100';
/** 100 pages hold more than the 6,000 templates that Meta allows an account. */
const maxPages = 100;

/**
 * All templates of a business account that match the filters, page after page. There is a next page when `paging.next` is
 * there; its address is not called, only its cursor is taken, so that the token goes to no address but ours.
 *
 * @param filters Meta's own: `name` (matches parts of names), `status`, `category`, `language`
 */
export async function* readTemplates(
	graph: GraphCaller,
	businessAccountId: string,
	filters: Record<string, string>,
): AsyncGenerator<{ template: Template; serverDate?: number }, void, undefined> {
	const subject = `the templates of the business account with the id ${typedMetaId(businessAccountId)}`;
	const cursors = new Set<string>();
	let page: Record<string, string> = {};
	for (;;) {
		const { json, serverDate } = await graph.get(`${businessAccountId}/message_templates`, { fields, limit: pageSize, ...filters, ...page }, subject);
		const entries = field(json, 'data');
		if (!Array.isArray(entries)) throw unreadable(`Meta’s answer about ${subject} holds no list`);
		for (const entry of entries) yield { template: parseTemplate(entry), serverDate };
		const paging = objectAt(json, 'paging');
		if (textAt(paging, 'next') === undefined) return;
		const after = textAt(objectAt(paging, 'cursors'), 'after');
		if (after === undefined || cursors.has(after) || cursors.size >= maxPages) throw unreadable(`The list of ${subject} does not come to an end`);
		cursors.add(after);
		page = { after };
	}
}

function unreadable(what: string): CivicError {
	return new CivicError('whatsapp.refused', `${what}.`, 'Try again later. If it stays so, check the Graph version of the channel.');
}
