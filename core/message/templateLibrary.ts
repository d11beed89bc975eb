import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { CivicError } from '../errors';
import { typed } from '../whatsapp/redaction';
import { type TemplateDefinition, parseDefinition } from '../whatsapp/templateDefinition';

const entrySchema = z
	.object({
		/** The sample flow it belongs to. */
		flow: z.string().min(1),
		/** One sentence for the person who chooses. */
		purpose: z.string().min(1),
		/** Languages of the words themselves, in their order: `cy` is Welsh, whatever code the template is registered under. */
		words: z.array(z.enum(['en', 'cy'])).min(1),
		/** Whether somebody whose language it is has read the words. */
		reviewed: z.boolean(),
		for: z.enum(['residents', 'staff']),
		/** Whether the message itself offers to stop. */
		optOut: z.boolean(),
		/** Whether its link has to lead to this installation's desk. */
		linksToDesk: z.boolean().default(false),
		definition: z.unknown(),
	})
	.strict();

export interface LibraryEntry extends Omit<z.infer<typeof entrySchema>, 'definition'> {
	definition: TemplateDefinition;
}

/** One folder each for English words, Welsh words, and both in one message. */
const folders = ['en', 'cy', 'bilingual'];

/**
 * The templates that come along, by name.
 * @param folder `workflows/templates` of the package
 * @throws CivicError `template.library` when a file cannot be read, `template.definition` when one breaks a limit of Meta
 */
export function readTemplateLibrary(folder: string): LibraryEntry[] {
	return folders
		.flatMap((words) => filesIn(join(folder, words)))
		.map(readEntry)
		.sort((one, other) => one.definition.name.localeCompare(other.definition.name, 'en-GB'));
}

/** @throws CivicError `template.library`, listing what there is */
export function findInLibrary(library: readonly LibraryEntry[], name: string, language: string): LibraryEntry {
	const found = library.find(({ definition }) => definition.name === name && definition.language === language);
	if (found !== undefined) return found;
	const names = library.map(({ definition }) => definition.name).join(', ');
	throw new CivicError('template.library', `The template library has no "${typed(name)}" under the language code ${typed(language)}.`, `Choose one of: ${names}.`);
}

/**
 * The definition as this installation submits it: a link to the desk leads to its own pages.
 * @param pageAddress where the desk serves its pages, ending in a slash; null when no desk has ever been switched on
 * @throws CivicError `desk.inactive` when the link would lead nowhere
 */
export function definitionToSubmit({ linksToDesk, definition }: LibraryEntry, pageAddress: string | null): TemplateDefinition {
	if (!linksToDesk) return definition;
	if (pageAddress === null) {
		throw new CivicError(
			'desk.inactive',
			`Template "${definition.name}" carries a link to the desk, and this store knows no desk.`,
			'Activate the flow with the Civic Desk Trigger first; then its address is known.',
		);
	}
	const components = definition.components.map((component) =>
		component.type !== 'BUTTONS'
			? component
			: {
					...component,
					buttons: component.buttons.map((button) => (button.type === 'URL' ? { ...button, url: `${pageAddress}{{1}}`, example: [`${pageAddress}example`] } : button)),
				},
	);
	return parseDefinition({ ...definition, components });
}

function filesIn(folder: string): string[] {
	try {
		return readdirSync(folder)
			.filter((name) => name.endsWith('.json'))
			.map((name) => join(folder, name));
	} catch (cause) {
		throw unreadable(folder, cause);
	}
}

function readEntry(path: string): LibraryEntry {
	try {
		const { definition, ...about } = entrySchema.parse(JSON.parse(readFileSync(path, 'utf8')));
		return { ...about, definition: parseDefinition(definition) };
	} catch (cause) {
		throw cause instanceof SyntaxError || cause instanceof z.ZodError ? unreadable(path, cause) : cause;
	}
}

function unreadable(path: string, cause: unknown): CivicError {
	return new CivicError('template.library', `The template library cannot be read at ${path}.`, 'Install the package again.', { cause });
}
