import { z } from 'zod';

import { CivicError } from '../errors';
import { familyProblems } from './definitionFamilies';
import { definitionProblems } from './definitionLimits';
import type { DefinitionProblem } from './definitionTexts';

const named = z.array(z.object({ param_name: z.string(), example: z.string() }).strict());

const header = z
	.object({
		type: z.literal('HEADER'),
		format: z.enum(['TEXT', 'IMAGE', 'VIDEO', 'DOCUMENT', 'LOCATION']),
		text: z.string().optional(),
		example: z.object({ header_text: z.array(z.string()).optional(), header_text_named_params: named.optional(), header_handle: z.array(z.string()).optional() }).strict().optional(),
	})
	.strict();

const body = z
	.object({
		type: z.literal('BODY'),
		/** Absent for one-time codes, whose words Meta writes. */
		text: z.string().optional(),
		add_security_recommendation: z.boolean().optional(),
		example: z.object({ body_text: z.array(z.array(z.string())).optional(), body_text_named_params: named.optional() }).strict().optional(),
	})
	.strict();

const footer = z.object({ type: z.literal('FOOTER'), text: z.string().optional(), code_expiration_minutes: z.number().int().optional() }).strict();

const button = z.discriminatedUnion('type', [
	z.object({ type: z.literal('QUICK_REPLY'), text: z.string() }).strict(),
	z.object({ type: z.literal('URL'), text: z.string(), url: z.string(), example: z.array(z.string()).optional() }).strict(),
	z.object({ type: z.literal('PHONE_NUMBER'), text: z.string(), phone_number: z.string() }).strict(),
	z
		.object({
			type: z.literal('FLOW'),
			text: z.string(),
			flow_id: z.string().optional(),
			flow_name: z.string().optional(),
			flow_json: z.string().optional(),
			flow_action: z.enum(['navigate', 'data_exchange']).optional(),
			navigate_screen: z.string().optional(),
		})
		.strict(),
	z.object({ type: z.literal('REQUEST_CONTACT_INFO'), text: z.string().optional() }).strict(),
	z.object({ type: z.literal('OTP'), otp_type: z.literal('COPY_CODE'), text: z.string().optional() }).strict(),
	z.object({ type: z.literal('COPY_CODE'), text: z.string().optional(), example: z.union([z.string(), z.array(z.string()).length(1)]) }).strict(),
]);

const buttons = z.object({ type: z.literal('BUTTONS'), buttons: z.array(button) }).strict();

const offer = z.object({ type: z.literal('LIMITED_TIME_OFFER'), limited_time_offer: z.object({ text: z.string(), has_expiration: z.boolean().optional() }).strict() }).strict();

const carousel = z
	.object({ type: z.literal('CAROUSEL'), cards: z.array(z.object({ components: z.array(z.discriminatedUnion('type', [header, body, buttons])) }).strict()) })
	.strict();

const definition = z
	.object({
		name: z.string(),
		language: z.string(),
		category: z.enum(['UTILITY', 'MARKETING', 'AUTHENTICATION']),
		parameter_format: z.enum(['NAMED', 'POSITIONAL']).default('POSITIONAL'),
		components: z.array(z.discriminatedUnion('type', [header, offer, body, footer, buttons, carousel])),
		message_send_ttl_seconds: z.number().int().optional(),
	})
	.strict();

export type DefinedButton = z.infer<typeof button>;
export type DefinedComponent = z.infer<typeof definition>['components'][number];

/** A template as its author describes it to Meta: the body of `POST /{business account}/message_templates`. */
export type TemplateDefinition = z.infer<typeof definition>;

/**
 * Everything Meta would refuse about a definition ("Template components", "Time-to-live", error codes 2388…), found
 * before it is asked. Kinds of parts that this product cannot fill in (goods, payment, calls) count as refused.
 * @param raw JSON in Meta's form for creating a template
 * @returns the definition where its shape can be read; with no problems it can be submitted
 */
export function checkDefinition(raw: unknown): { definition?: TemplateDefinition; problems: DefinitionProblem[] } {
	const read = definition.safeParse(raw);
	if (!read.success) return { problems: read.error.issues.map(problemOfShape) };
	return { definition: read.data, problems: [...definitionProblems(read.data), ...familyProblems(read.data)] };
}

/** A definition as an object, or as the JSON of one. @throws CivicError `template.definition` */
export function readDefinition(given: unknown): TemplateDefinition {
	if (typeof given !== 'string') return parseDefinition(given);
	let raw: unknown;
	try {
		raw = JSON.parse(given);
	} catch (cause) {
		throw new CivicError('template.definition', "'Definition' is not JSON.", 'Paste the whole definition, from the first brace to the last.', { cause });
	}
	return parseDefinition(raw);
}

/** @throws CivicError `template.definition`, naming every part that is wrong and its limit */
export function parseDefinition(raw: unknown): TemplateDefinition {
	const { definition: read, problems } = checkDefinition(raw);
	if (read !== undefined && problems.length === 0) return read;
	const name = typeof raw === 'object' && raw !== null && 'name' in raw && typeof raw.name === 'string' ? ` "${raw.name.slice(0, 60)}"` : '';
	throw new CivicError(
		'template.definition',
		`The definition of template${name} cannot be submitted: ${problems.map(({ message }) => message).join(' ')}`,
		'Mend the parts named and submit again. Nothing was sent to Meta.',
	);
}

function problemOfShape({ path, message, code, ...issue }: z.ZodIssue): DefinitionProblem {
	const field = path.length === 0 ? 'definition' : path.map((step) => (typeof step === 'number' ? `[${step + 1}]` : step)).join('.').replaceAll('.[', ' [');
	if (code === 'unrecognized_keys' && 'keys' in issue) return { field, message: `'${field}' holds ${(issue.keys as string[]).map((key) => `'${key}'`).join(', ')}, which is not known here.` };
	if (code === 'invalid_union_discriminator') return { field, message: `'${field}' is of a kind that cannot be filled in here.` };
	const what = message === 'Required' ? 'is missing' : message.charAt(0).toLowerCase() + message.slice(1);
	return { field, message: `'${field}' ${what.startsWith('is ') ? what : `is not usable: ${what}`}.` };
}
