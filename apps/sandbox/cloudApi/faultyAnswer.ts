import { setTimeout as wait } from 'node:timers/promises';
import type { AnswerFault } from '../faults';
import { json } from '../http/json';
import type { Answer, TextAnswer } from '../http/listener';
import { GraphError, isGraphCode } from './graphError';

/** Whether the call takes effect although its answer is spoilt, where the script leaves it open. */
const acceptedByDefault: Record<AnswerFault['kind'], boolean> = {
	delay: false,
	'reset-before': false,
	'reset-after': true,
	'cut-off': true,
	'html-500': false,
	'server-error': false,
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
export async function answerWithFault(fault: AnswerFault, traceId: string, perform: () => TextAnswer | Promise<TextAnswer>): Promise<Answer> {
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
		case 'cut-off':
			return cutOff(performed ?? json({ messaging_product: 'whatsapp' }));
		case 'server-error':
			return serverError(fault);
		case 'malformed-json': {
			const whole = performed ?? json({ messaging_product: 'whatsapp' });
			return { ...whole, body: whole.body.slice(0, Math.ceil(whole.body.length / 2)) };
		}
		case 'rate-limited':
			return rateLimited(fault, traceId);
		case 'graph-error':
			return graphError(fault, traceId);
	}
}

/** The head promises more than comes. */
function cutOff(whole: TextAnswer): Answer {
	return {
		stream: (response) => {
			response.writeHead(whole.status, { ...whole.headers, 'Content-Length': Buffer.byteLength(whole.body) });
			response.write(whole.body.slice(0, Math.ceil(whole.body.length / 2)), () => response.destroy());
		},
	};
}

function serverError({ status = 503, body }: AnswerFault): TextAnswer {
	if (body === 'html') return { status, headers: { 'Content-Type': 'text/html; charset=utf-8' }, body: html };
	return { status, headers: { 'Content-Type': 'text/plain' }, body: body === 'text' ? 'upstream connect error or disconnect/reset before headers' : '' };
}

function graphError({ code = 1, status }: AnswerFault, traceId: string): TextAnswer {
	const details = 'A scripted refusal of the sandbox.';
	if (isGraphCode(code)) return new GraphError(code, details, status === undefined ? {} : { status }).toAnswer(traceId);
	const error = { message: `(#${code}) A scripted refusal`, type: 'OAuthException', code, error_data: { messaging_product: 'whatsapp', details }, fbtrace_id: traceId };
	return json({ error }, status ?? 400);
}

function rateLimited(fault: AnswerFault, traceId: string): TextAnswer {
	const headers = fault.retryAfter === undefined ? undefined : { 'Retry-After': String(fault.retryAfter) };
	const code = fault.code !== undefined && isGraphCode(fault.code) ? fault.code : 130429;
	return new GraphError(code, code === 130429 ? 'Cloud API message throughput has been reached.' : undefined, { status: fault.status ?? 429, ...(headers && { headers }) }).toAnswer(traceId);
}
