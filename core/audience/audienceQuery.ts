import { z } from 'zod';
import { CivicError } from '../errors';
import { codeFor, topicName } from './code';

const name = z.string().refine((text) => codeFor(text) !== '', 'is blank');

const audienceQuery = z
	.object({
		/** Only people who follow this topic; everyone when it is left out. By code or name. */
		topic: name.optional(),
		/** Only people in at least one of these areas; anywhere when it is left out. By code or name. */
		areas: z.array(name).min(1, 'names no area').optional(),
	})
	.strict();

/** Whom a message is for. */
export type AudienceQuery = z.infer<typeof audienceQuery>;

/**
 * A query from outside, checked. A topic or a list of areas that is there but blank is refused, never read as "everyone":
 * it is what an expression gives when the form before it was left empty.
 * @throws CivicError `input.invalid`
 */
export function parseAudienceQuery(value: unknown): AudienceQuery {
	const parsed = audienceQuery.safeParse(value);
	if (parsed.success) return parsed.data;
	const [issue] = parsed.error.issues;
	throw new CivicError(
		'input.invalid',
		`The audience is not usable: ${issue?.path.join('.') || 'it'} ${issue?.code === 'custom' || issue?.code === 'too_small' ? issue.message : 'is not of the form it should have'}.`,
		'Give a topic, a list of areas, or both. Leave a field out altogether to mean everyone or everywhere.',
	);
}

/**
 * The query in plain words: "people in Route 3 or Route 5 who follow Winter roads".
 * @param areaNames names by code; an area that is not among them is shown as it was given
 */
export function describeAudience({ topic, areas = [] }: AudienceQuery, areaNames: ReadonlyMap<string, string> = new Map()): string {
	const places = areas.map((area) => areaNames.get(codeFor(area)) ?? areaNames.get(area) ?? area);
	const where = places.length === 0 ? '' : ` in ${new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(places)}`;
	const what = topic === undefined ? '' : ` who follow ${topicName(codeFor(topic))}`;
	return where === '' && what === '' ? 'everyone on the list' : `people${where}${what}`;
}
