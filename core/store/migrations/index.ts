import { initial } from './0001_initial';
import type { Migration } from './migration';

/** Every step, oldest first. */
export const migrations: Migration[] = [initial];

/** The schema this code reads and writes. */
export const schemaVersion = migrations.length;
