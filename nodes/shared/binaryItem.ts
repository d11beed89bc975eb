import type { IBinaryKeyData, IDataObject } from 'n8n-workflow';

/** What an operation puts out when a file goes with it. */
export class BinaryItem {
	constructor(
		readonly json: IDataObject,
		readonly binary: IBinaryKeyData,
	) {}
}
