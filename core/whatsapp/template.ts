import { z } from 'zod';

import { CivicError } from '../errors';

const namedExamples = z.array(z.object({ param_name: z.string(), example: z.string() })).optional().catch(undefined);

/** Example values that were given when the template was submitted. Unreadable ones count as none: they only fill placeholders. */
const examplesSchema = z
	.object({
		header_text: z.array(z.string()).optional().catch(undefined),
		header_text_named_params: namedExamples,
		body_text: z.array(z.array(z.string())).optional().catch(undefined),
		body_text_named_params: namedExamples,
	})
	.optional()
	.catch(undefined);

const buttonSchema = z
	.object({
		type: z.string(),
		text: z.string().optional(),
		url: z.string().optional(),
		phone_number: z.string().optional(),
		example: z.union([z.array(z.string()), z.string().transform((one) => [one])]).optional().catch(undefined),
	})
	.passthrough();

const cardComponentSchema = z
	.object({
		type: z.string(),
		format: z.string().optional(),
		text: z.string().optional(),
		buttons: z.array(buttonSchema).optional(),
		example: examplesSchema,
	})
	.passthrough();

const componentSchema = cardComponentSchema.extend({
	/** Of a CAROUSEL. */
	cards: z.array(z.object({ components: z.array(cardComponentSchema) }).passthrough()).optional(),
	/** Of a LIMITED_TIME_OFFER. */
	limited_time_offer: z.object({ text: z.string(), has_expiration: z.boolean().default(false) }).passthrough().optional(),
});

const templateSchema = z.object({
	id: z.string(),
	name: z.string().min(1),
	language: z.string().min(1),
	status: z.string(),
	category: z.string(),
	correct_category: z.string().optional(),
	rejected_reason: z.string().optional().catch(undefined),
	quality_score: z.object({ score: z.string() }).passthrough().optional().catch(undefined),
	parameter_format: z.enum(['NAMED', 'POSITIONAL']).default('POSITIONAL'),
	message_send_ttl_seconds: z.number().optional(),
	components: z.array(componentSchema).default([]),
});

export type TemplateButton = z.infer<typeof buttonSchema>;
export type TemplateComponent = z.infer<typeof componentSchema>;

/** A template as Meta keeps it, in one language. `en`, `en_GB` and `en_US` are three templates. */
export interface Template {
	id: string;
	name: string;
	language: string;
	/** `APPROVED` is the only one that may be sent. */
	status: string;
	/** `UTILITY`, `MARKETING` or `AUTHENTICATION`. */
	category: string;
	/** Set when Meta means to move the template to another category soon. */
	correctCategory?: string;
	/** Why Meta rejected it: `PROMOTIONAL`, `INVALID_FORMAT` … */
	rejectedReason?: string;
	/** What readers make of it: `GREEN`, `YELLOW`, `RED`, `UNKNOWN`. */
	quality?: string;
	parameterFormat: 'NAMED' | 'POSITIONAL';
	components: TemplateComponent[];
	/** How long Meta keeps trying to deliver; -1 is 30 days; absent is Meta's default, 30 days as well. */
	ttlSeconds?: number;
}

/**
 * Reads one entry of `GET /{business account}/message_templates` (Meta: "Message template API").
 * @throws CivicError `whatsapp.refused` when it is not a template
 */
export function parseTemplate(entry: unknown): Template {
	const read = templateSchema.safeParse(entry);
	if (!read.success) {
		const where = read.error.issues.map((issue) => issue.path.join('.') || 'the whole entry').join(', ');
		throw new CivicError(
			'whatsapp.refused',
			`Meta described a template in a way that is not understood here (${where}).`,
			'Check the Graph version of the channel; if it is a current one, report this with the template’s name.',
		);
	}
	const { parameter_format, correct_category, rejected_reason, quality_score, message_send_ttl_seconds, ...plain } = read.data;
	return {
		...plain,
		parameterFormat: parameter_format,
		...(correct_category === undefined || correct_category === '' || correct_category === plain.category ? {} : { correctCategory: correct_category }),
		...(rejected_reason === undefined || ['', 'NONE'].includes(rejected_reason) ? {} : { rejectedReason: rejected_reason }),
		...(quality_score === undefined ? {} : { quality: quality_score.score }),
		...(message_send_ttl_seconds === undefined ? {} : { ttlSeconds: message_send_ttl_seconds }),
	};
}

/** The first component of a kind: `HEADER`, `LIMITED_TIME_OFFER`, `BODY`, `FOOTER`, `BUTTONS` or `CAROUSEL`. */
export function componentOf(template: Template, type: string): TemplateComponent | undefined {
	return template.components.find((component) => component.type.toUpperCase() === type);
}

export function buttonsOf(template: Template): TemplateButton[] {
	return componentOf(template, 'BUTTONS')?.buttons ?? [];
}
