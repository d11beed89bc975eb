import { CivicError, isCivicError, type ErrorCode } from '../../errors';

/** What travels between n8n's main thread and the store's worker. */
export interface StoreCall {
	call: number;
	command: string;
	input: unknown;
}

export type StoreAnswer =
	| { kind: 'ready' }
	| { kind: 'unopened'; fault: Fault }
	| { kind: 'done'; call: number; output: unknown }
	| { kind: 'refused'; call: number; fault: Fault };

/** An exception as plain data: class instances do not cross threads. */
export interface Fault {
	code?: ErrorCode;
	message: string;
	hint?: string;
	stack?: string;
}

export function toFault(thrown: unknown): Fault {
	if (isCivicError(thrown)) return { code: thrown.code, message: thrown.message, hint: thrown.hint };
	if (thrown instanceof Error) return { message: thrown.message, stack: thrown.stack };
	return { message: String(thrown) };
}

export function fromFault(fault: Fault): Error {
	if (fault.code !== undefined) return new CivicError(fault.code, fault.message, fault.hint ?? '');
	const thrown = new Error(fault.message);
	if (fault.stack !== undefined) thrown.stack = fault.stack;
	return thrown;
}
