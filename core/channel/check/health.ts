import { redact } from '../../whatsapp/redaction';
import { ok, problem, unknown, warning, type Check } from './finding';

/** Meta: "Messaging health status": its own word on whether messages can be sent now, and why not. */
export const health: Check = {
	name: 'health',
	run: async ({ meta }) => {
		const { canSend, causes } = await meta.health();
		const named = causes.map(({ entity, description, solution }) => ({ entity, description: redact(description, 200), ...(solution === undefined ? {} : { solution: redact(solution, 200) }) }));
		const data = { canSend: canSend ?? null, causes: named };
		const because = named.length === 0 ? '' : ` Its reasons: ${named.map(({ entity, description }) => `${entity.toLowerCase()}: ${description}`).join(' ')}`;
		const goOn = named.map(({ solution }) => solution).filter((solution) => solution !== undefined).join(' ') || 'Open WhatsApp Manager and read the notice of Meta there.';
		switch (canSend) {
			case 'AVAILABLE':
				return ok('Meta says that messages can be sent.', data);
			case 'LIMITED':
				return warning(`Meta says that messages can be sent with limits.${because}`, goOn, data);
			case 'BLOCKED':
				return problem(`Meta says that no messages can be sent.${because}`, goOn, data);
			default:
				return unknown('Meta does not tell whether messages can be sent.', goOn, data);
		}
	},
};
