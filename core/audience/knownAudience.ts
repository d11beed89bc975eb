import { CivicError } from '../errors';
import type { CommandContext } from '../store/command';
import { typed } from '../whatsapp/redaction';
import { parseAudienceQuery } from './audienceQuery';
import { codeFor, topicName } from './code';

/** A query whose topic and areas are known to exist, as codes in a fixed order. */
export interface KnownAudience {
	topic?: string;
	areas?: Array<{ code: string; name: string }>;
}

const namesShown = 30;

/**
 * Finds the topic and the areas a query names. A name that nobody has is refused, because a misspelt area would otherwise
 * silently leave people out.
 * @throws CivicError `input.invalid` listing what there is
 */
export async function knownAudience(context: CommandContext, given: unknown): Promise<KnownAudience> {
	const query = parseAudienceQuery(given);
	return {
		...(query.topic === undefined ? {} : { topic: await knownTopic(context, query.topic) }),
		...(query.areas === undefined ? {} : { areas: await knownAreas(context, query.areas) }),
	};
}

async function knownTopic({ sql }: CommandContext, given: string): Promise<string> {
	const code = codeFor(given);
	const found = await sql.all('SELECT 1 FROM contact_topic WHERE topic = ? LIMIT 1', code);
	if (found.length > 0) return code;
	const all = await sql.all<{ topic: string }>('SELECT DISTINCT topic FROM contact_topic ORDER BY topic');
	throw unknown('topic', [given], all.map(({ topic }) => topicName(topic)));
}

async function knownAreas({ sql }: CommandContext, given: string[]): Promise<Array<{ code: string; name: string }>> {
	const all = await sql.all<{ code: string; name: string }>('SELECT code, name FROM area ORDER BY name');
	const named = (code: string) => all.find((area) => codeFor(area.code) === code) ?? all.find((area) => codeFor(area.name) === code);
	const found = given.map((name) => named(codeFor(name)));
	const missing = given.filter((_, i) => found[i] === undefined);
	if (missing.length > 0) throw unknown('area', missing, all.map(({ name }) => name));
	const byCode = new Map(found.filter((area) => area !== undefined).map((area) => [area.code, area]));
	return [...byCode.values()].sort((one, other) => (one.code < other.code ? -1 : 1));
}

function unknown(what: 'topic' | 'area', missing: string[], all: string[]): CivicError {
	const shown = all.slice(0, namesShown).join(', ');
	const rest = all.length > namesShown ? ` and ${all.length - namesShown} more` : '';
	return new CivicError(
		'input.invalid',
		`Nobody is known under the ${what} ${missing.map((name) => `"${typed(name)}"`).join(', ')}.`,
		all.length === 0 ? 'Import contacts first.' : `Choose among: ${shown}${rest}.`,
	);
}
