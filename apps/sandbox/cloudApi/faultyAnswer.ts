import { setTimeout as wait } from 'node:timers/promises';
import type { Fault } from '../faults';
import { json } from '../http/json';
import type { Answer, TextAnswer } from '../http/listener';
import { GraphError, isGraphCode } from './graphError';

/** Whether the call takes effect although its answer is spoilt, where the script leaves it open. */
const acceptedByDefault: Record<Fault['kind'], boolean> = {
	delay: false,
	'reset-before': false,
	'reset-after': true,
	'html-500': false,
	'malformed-json': true,
	'rate-limited': false,
	'graph-error': false,
};

const html = '<!DOCTYPE html>\n<html><head><title>Error</title></head><body><h1>Sorry, something went wrong.</h1></body></html>\n';

/**
 * Plays a scripted fault around a call.
 *
 * @param perform what the call really does, with the answer it would have got
 */
export async function answerWithFault(fault: Fault, traceId: string, perform: () => TextAnswer | Promise<TextAnswer>): Promise<Answer> {
	const accepted = fault.accepted ?? acceptedByDefault[fault.kind];
	if (fault.kind === 'delay') {
		if (!accepted) await wait(fault.ms, undefined, { ref: false });
		const answer = await perform();
		if (accepted) await wait(fault.ms, undefined, { ref: false });
		return answer;
	}
	const performed = accepted ? await perform() : undefined;
	switch (fault.kind) {
		case 'reset-before':
		case 'reset-after':
			return { reset: true };
		case 'html-500':
			return { status: 500, headers: { 'Content-Type': 'text/html; charset=utf-8' }, body: html };
		case 'malformed-json': {
			const whole = performed ?? json({ messaging_product: 'whatsapp' });
			return { ...whole, body: whole.body.slice(0, Math.ceil(whole.body.length / 2)) };
		}
		case 'rate-limited':
			return rateLimited(fault, traceId);
		case 'graph-error':
			return new GraphError(fault.code !== undefined && isGraphCode(fault.code) ? fault.code : 1, 'A scripted refusal of the sandbox.').toAnswer(traceId);
	}
}

function rateLimited(fault: Fault, traceId: string): TextAnswer {
	const headers = fault.retryAfter === undefined ? undefined : { 'Retry-After': String(fault.retryAfter) };
	return new GraphError(130429, 'Cloud API message throughput has been reached.', { status: 429, ...(headers && { headers }) }).toAnswer(traceId);
}
