import type { INodeProperties } from 'n8n-workflow';
import type { ExecuteItem } from './runItems';

/** One operation, one file: its fields and what it does with one item. */
export interface Operation {
	description: INodeProperties[];
	execute: ExecuteItem;
}
