import { CivicError } from '../errors';
import { type TransportFault, isTransportFault } from './connection';
import { creationRefusal } from './creationRefusals';
import { policyFor } from './errorPolicy';
import type { GraphAnswer } from './graphAnswer';
import type { GraphCaller } from './graphCall';
import { textAt } from './jsonReading';
import type { TemplateDefinition } from './templateDefinition';

/** Meta's answer to a new template ("Message template API"). */
export interface CreatedTemplate {
	id: string;
	/** Mostly `PENDING`: reviewers have minutes to a day. */
	status: string;
	/** May be another one than asked for: Meta decides. */
	category: string;
}

/**
 * Asks Meta for a new template, once.
 * @returns `duplicate` when name and language are taken, `unclear` when no answer shows whether it was created
 * @throws CivicError `template.definition` when Meta refuses it, `whatsapp.refused`, `channel.access`, `whatsapp.unreachable`
 */
export async function createTemplate(graph: GraphCaller, businessAccountId: string, definition: TemplateDefinition): Promise<CreatedTemplate | 'duplicate' | 'unclear'> {
	try {
		return readCreation(await graph.post(`${businessAccountId}/message_templates`, JSON.stringify(definition)), definition);
	} catch (fault) {
		if (!isTransportFault(fault)) throw fault;
		if (fault.mayHaveBeenSent) return 'unclear';
		throw unreachable(definition.name, fault);
	}
}

function readCreation(answer: GraphAnswer, definition: TemplateDefinition): CreatedTemplate | 'duplicate' | 'unclear' {
	if (answer.refusal !== undefined) {
		if (answer.refusal.subcode === 2388024) return 'duplicate';
		throw refused(answer, definition.name);
	}
	const id = textAt(answer.json, 'id');
	if (id === undefined || answer.status < 200 || answer.status >= 300) return 'unclear';
	return { id, status: textAt(answer.json, 'status') ?? 'PENDING', category: textAt(answer.json, 'category') ?? definition.category };
}

function refused({ refusal, status }: GraphAnswer, name: string): CivicError {
	const { code, subcode, details, userMessage } = refusal ?? {};
	const shown = subcode === undefined ? `Meta’s code ${code ?? 'none'}` : `Meta’s code ${code ?? 'none'}, ${subcode}`;
	const said = [details, userMessage].filter((words) => words !== undefined).join(' ');
	const known = creationRefusal(refusal ?? {});
	if (known !== undefined) {
		const where = known.field === null ? '' : ` Part: '${known.field}'.`;
		return new CivicError('template.definition', `Meta refused template "${name}" (${shown}). ${known.explain}${where}${said === '' ? '' : ` Meta says: “${said}”`}`, known.goOn);
	}
	const { explain, goOn } = policyFor(code, { httpStatus: status });
	return new CivicError('whatsapp.refused', `Meta did not take template "${name}" (${shown}). ${explain}`, goOn);
}

function unreachable(name: string, fault: TransportFault): CivicError {
	return new CivicError('whatsapp.unreachable', `Meta could not be reached, so template "${name}" was not submitted.`, 'Try again. If it stays so, ask IT about name lookup, proxy and firewall.', { cause: fault });
}
