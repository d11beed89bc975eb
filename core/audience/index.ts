import type { Command } from '../store/command';
import { countAudience } from './countAudience';
import { importContacts } from './importContacts';
import { fileSeenBefore } from './importCsv';
import { optOutByPhone } from './optOutByPhone';

export { importCsv, type CsvImport, type ImportReport } from './importCsv';
export { countAudience } from './countAudience';
export { optOutByPhone, type OptOutByPhone } from './optOutByPhone';
export { describeAudience, parseAudienceQuery, type AudienceQuery } from './audienceQuery';
export type { AudienceCounts } from './standing';
export { importColumns, type ColumnMapping, type ImportField } from './importColumns';

/** What the store's worker runs for this part of the domain. */
export const audienceCommands: ReadonlyArray<Command<never, unknown>> = [fileSeenBefore, importContacts, countAudience, optOutByPhone];
