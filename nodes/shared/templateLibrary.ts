import { join } from 'node:path';
import { readTemplateLibrary, type LibraryEntry } from '../../core/message/templateLibrary';

/** The templates that come along in the package. */
export function packagedTemplates(): LibraryEntry[] {
	return readTemplateLibrary(join(__dirname, '..', '..', 'workflows', 'templates'));
}
