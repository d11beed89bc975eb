import { defineCommand, type CommandContext } from '../store/command';
import { openPersonal, sealPersonal } from '../store/personKey';
import { topicName } from './code';
import { recordConsent } from './consentEvent';
import { contactPlace, personLookup, type ContactDetails } from './contact';
import { dayInWords } from './day';
import { findContact, lookupsOf, type ContactRow } from './findContact';
import type { ImportRow, LineNote } from './importRows';
import { allTopics, readOptOuts } from './optOut';

export interface ImportPart {
	rows: ImportRow[];
	/** Where the list comes from, in the words of whoever imports it. */
	source: string;
	/** Who imports it. */
	importedBy?: string;
	/** SHA-256 of the whole file, hex. */
	digest: string;
	/** Lines of this part that were not usable and are not among the rows. */
	skipped: number;
}

export interface ImportPartReport {
	imported: number;
	updated: number;
	unchanged: number;
	/** People who asked to be left alone. They stay out. */
	optedOut: LineNote[];
	/** Lines of which one topic was left out, because the person opted out of just that. */
	partly: LineNote[];
}

type Outcome = 'imported' | 'updated' | 'unchanged';

/**
 * Takes in one part of a list. People are recognised by their phone number; what the list adds is added, and nothing that
 * is already known is taken away. An import never undoes an opt-out, because a list may be older than the wish.
 */
export const importContacts = defineCommand('audience.import-contacts', async (context, part: ImportPart): Promise<ImportPartReport> => {
	const report: ImportPartReport = { imported: 0, updated: 0, unchanged: 0, optedOut: [], partly: [] };
	const knownAreas = new Set<string>();
	for (const row of part.rows) await importRow(context, row, knownAreas, report);
	context.append({
		act: 'audience.import',
		actor: { role: 'staff' },
		outcome: 'ok',
		resource: fileResource(context, part.digest),
		counts: {
			imported: report.imported,
			updated: report.updated,
			unchanged: report.unchanged,
			optedOut: report.optedOut.length,
			skipped: part.skipped,
		},
		disclose: { source: part.source, importedBy: part.importedBy, sha256: part.digest },
	});
	return report;
});

/**
 * A file in the ledger. Its plain digest stays out of the leaf: whoever knows all but one cell of a short list could find
 * that cell by trying.
 */
export function fileResource({ keys }: Pick<CommandContext, 'keys'>, digest: string): { type: 'file'; id: string } {
	return { type: 'file', id: keys.lookup('event', `file:${digest}`) };
}

async function importRow(context: CommandContext, row: ImportRow, knownAreas: Set<string>, report: ImportPartReport): Promise<void> {
	const lookup = personLookup(context, { phone: row.phone });
	const known = await findContact(context, 'phone', lookup);
	const topics = await topicsNotOptedOut(context, row, known === undefined ? [lookup] : lookupsOf(known), report);
	if (topics.length === 0) return;
	const { id, outcome } = known === undefined ? await addContact(context, row, lookup) : await updateContact(context, row, known);
	let additions = 0;
	for (const topic of topics) {
		const added = await context.sql.run('INSERT INTO contact_topic (contact_id, topic) VALUES (?, ?) ON CONFLICT DO NOTHING', id, topic);
		const consent = { contactId: id, personLookup: lookup, kind: 'opt-in', topic, source: row.consentSource, occurredAt: row.consentDate } as const;
		additions += added.changes + Number(await recordConsent(context, consent));
	}
	for (const area of row.areas) {
		if (!knownAreas.has(area.code)) {
			await context.sql.run("INSERT INTO area (code, name, kind) VALUES (?, ?, 'list') ON CONFLICT (code) DO NOTHING", area.code, area.name);
			knownAreas.add(area.code);
		}
		const added = await context.sql.run('INSERT INTO contact_area (contact_id, area) VALUES (?, ?) ON CONFLICT DO NOTHING', id, area.code);
		additions += added.changes;
	}
	report[outcome === 'unchanged' && additions > 0 ? 'updated' : outcome]++;
}

/** The topics that the person may still follow. When none is left, the line is reported as staying out. */
async function topicsNotOptedOut(context: CommandContext, row: ImportRow, lookups: string[], report: ImportPartReport): Promise<string[]> {
	const allowed: string[] = [];
	const refused: string[] = [];
	const optOuts = await readOptOuts(context, lookups);
	for (const topic of row.topics) {
		const optOut = optOuts.find((standing) => standing.topic === allTopics || standing.topic === topic);
		if (optOut === undefined) allowed.push(topic);
		else refused.push(`${optOut.topic === allTopics ? 'Opted' : `${topicName(topic)}: opted`} out on ${dayInWords(optOut.since)}, stays out.`);
	}
	if (refused.length > 0) {
		const note = {
			line: row.line,
			reason: [...new Set(refused)].join(' '),
			howToGoOn: 'Only the person can undo this, by opting in again. Take them off the list it came from.',
		};
		(allowed.length === 0 ? report.optedOut : report.partly).push(note);
	}
	return allowed;
}

async function addContact(context: CommandContext, row: ImportRow, lookup: string): Promise<{ id: string; outcome: Outcome }> {
	const id = context.random.uuid();
	const details: ContactDetails = { ...(row.name === '' ? {} : { name: row.name }), phone: row.phone };
	await context.sql.run(
		`INSERT INTO contact (id, phone_lookup, bsuid_lookup, sealed, language, status, created_at, updated_at, last_inbound_at)
			VALUES (?, ?, NULL, ?, ?, 'active', ?, ?, NULL)`,
		id,
		lookup,
		await sealPersonal(context, id, contactPlace(id), details),
		row.language ?? 'en',
		context.now,
		context.now,
	);
	return { id, outcome: 'imported' };
}

async function updateContact(context: CommandContext, row: ImportRow, known: ContactRow): Promise<{ id: string; outcome: Outcome }> {
	const { id } = known;
	const details = await openPersonal<ContactDetails>(context, id, contactPlace(id), known.sealed);
	const language = row.language ?? known.language;
	const name = row.name === '' ? details?.name : row.name;
	if (details?.phone === row.phone && details.name === name && language === known.language) return { id, outcome: 'unchanged' };
	await context.sql.run(
		'UPDATE contact SET sealed = ?, language = ?, updated_at = ? WHERE id = ?',
		await sealPersonal(context, id, contactPlace(id), { ...details, name, phone: row.phone }),
		language,
		context.now,
		id,
	);
	return { id, outcome: 'updated' };
}
