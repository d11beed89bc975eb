import { createHash } from 'node:crypto';
import { CivicError, isCivicError } from '../errors';
import { canonicalJson } from '../ledger/canonicalJson';
import { defineCommand } from '../store/command';
import type { Store } from '../store/store';
import type { CloudApi } from '../whatsapp/cloudApi';
import type { Template } from '../whatsapp/template';
import type { TemplateDefinition } from '../whatsapp/templateDefinition';
import { templateDifferences } from '../whatsapp/templateDifferences';

export interface Submission {
	name: string;
	language: string;
	/** `created` now; or there already, and the `same` or `different` from the definition. */
	found: 'created' | 'same' | 'different';
	id: string;
	/** Meta's word: `APPROVED` can be sent, `PENDING` is under review, `REJECTED` says why in `rejectedReason`. */
	status: string;
	rejectedReason: string | null;
	category: string;
	/** How the template at Meta differs from the definition. */
	differences: string[];
	/** In plain words: what came of it and what to do next. */
	words: string;
	/** SHA-256 of the definition, hex. */
	definitionHash: string;
}

type Outcome = Pick<Submission, 'name' | 'language' | 'definitionHash' | 'category'> & { found: Submission['found'] | 'refused'; status: string; id: string | null };

/** Enters in the ledger what was submitted to Meta and how it was found there. */
export const enterSubmission = defineCommand('template.submit', async (context, { channelId, found, ...what }: Outcome & { channelId: string }): Promise<void> => {
	context.append({
		act: 'template.submit',
		actor: { role: 'staff' },
		outcome: found === 'refused' ? 'refused' : 'ok',
		channel: channelId,
		...(what.id === null ? {} : { resource: { type: 'template', id: what.id } }),
		refs: { name: what.name, language: what.language, category: what.category, status: what.status, found, definition: what.definitionHash },
	});
	return Promise.resolve();
});

/**
 * Registers a template at Meta, once: what is there already is compared instead.
 * @throws CivicError `template.definition` when Meta refuses it; `whatsapp.unreachable` when nothing shows what became of it
 */
export async function submitTemplate({ store, api, channelId }: { store: Store; api: CloudApi; channelId: string }, definition: TemplateDefinition): Promise<Submission> {
	const { name, language, category } = definition;
	const definitionHash = createHash('sha256').update(canonicalJson(definition), 'utf8').digest('hex');
	const enter = (outcome: Pick<Outcome, 'found' | 'status' | 'id'>) => store.execute(enterSubmission, { channelId, name, language, category, definitionHash, ...outcome });
	try {
		const submission = { ...(await submit(api, definition)), definitionHash };
		await enter(submission);
		return submission;
	} catch (thrown) {
		if (isCivicError(thrown) && thrown.code === 'template.definition') await enter({ found: 'refused', status: 'none', id: null });
		throw thrown;
	}
}

async function submit(api: CloudApi, definition: TemplateDefinition): Promise<Omit<Submission, 'definitionHash'>> {
	const before = await find(api, definition);
	if (before !== undefined) return described(before, definition, 'there');
	const created = await api.createTemplate(definition);
	if (typeof created === 'object') {
		const { id, status, category } = created;
		const template = { ...asTemplate(definition), id, status, category };
		return described(template, definition, 'created');
	}
	// Somebody was faster, or the answer was lost: what Meta holds now is the truth.
	const after = await find(api, definition);
	if (after !== undefined) return described(after, definition, created === 'unclear' ? 'created' : 'there');
	throw new CivicError(
		'whatsapp.unreachable',
		`No answer shows whether Meta has template "${definition.name}", and it does not list it yet.`,
		'Run this again in a few minutes: it never registers the same template twice.',
	);
}

async function find(api: CloudApi, { name, language }: TemplateDefinition): Promise<Template | undefined> {
	try {
		return (await api.getTemplate(name, language)).value;
	} catch (thrown) {
		if (isCivicError(thrown) && thrown.code === 'template.unknown') return undefined;
		throw thrown;
	}
}

function asTemplate({ name, language, components, parameter_format, message_send_ttl_seconds }: TemplateDefinition): Omit<Template, 'id' | 'status' | 'category'> {
	return {
		name,
		language,
		parameterFormat: parameter_format,
		components: components as Template['components'],
		...(message_send_ttl_seconds === undefined ? {} : { ttlSeconds: message_send_ttl_seconds }),
	};
}

function described(template: Template, definition: TemplateDefinition, how: 'created' | 'there'): Omit<Submission, 'definitionHash'> {
	const differences = templateDifferences(template, definition);
	const found = how === 'created' ? 'created' : differences.length === 0 ? 'same' : 'different';
	const { id, name, language, status, category, rejectedReason = null } = template;
	return { name, language, found, id, status, rejectedReason, category, differences, words: words({ name, found, status, rejectedReason, category }, definition.category) };
}

function words({ name, found, status, rejectedReason, category }: Pick<Submission, 'name' | 'found' | 'status' | 'rejectedReason' | 'category'>, wanted: string): string {
	const began =
		found === 'created'
			? `Template "${name}" was submitted to Meta.`
			: found === 'same'
				? `Template "${name}" is at Meta already, and it is the same.`
				: `Template "${name}" is at Meta already, and it is different. Nothing was changed there: submit under another name, or edit it in WhatsApp Manager.`;
	const moved = category === wanted ? '' : ` Meta keeps it as ${category.toLowerCase()}, not ${wanted.toLowerCase()}, which changes consent and price.`;
	return `${began} ${standing(status, rejectedReason)}${moved}`;
}

function standing(status: string, rejectedReason: string | null): string {
	switch (status) {
		case 'APPROVED':
			return 'It is approved and can be used.';
		case 'PENDING':
			return 'Meta is reviewing it, which takes minutes to a day. Run this again to see the outcome.';
		case 'REJECTED':
			return `Meta rejected it${rejectedReason === null ? '' : ` (${rejectedReason})`}. Reword it in WhatsApp Manager, or ask Meta for a review there.`;
		default:
			return `It is ${status.toLowerCase()} at Meta and cannot be used now.`;
	}
}
