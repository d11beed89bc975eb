import { initial } from './0001_initial';
import { direct } from './0002_direct';
import { pricing } from './0003_pricing';
import { approval } from './0004_approval';
import type { Migration } from './migration';

/** Every step, oldest first. */
export const migrations: Migration[] = [initial, direct, pricing, approval];

/** The schema this code reads and writes. */
export const schemaVersion = migrations.length;
