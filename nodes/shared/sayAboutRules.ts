import type { IExecuteFunctions, Logger } from 'n8n-workflow';
import type { RulesNotice } from '../../core/channel/ruleChange/inWords';
import type { CredentialSource } from './openStore';

/**
 * Says loudly what happened to the rules of a channel: on the output of the node that opened it, once an execution, and in n8n's
 * log. A trigger has no output to say it on.
 */
export function sayAboutRules(source: CredentialSource & Partial<Pick<IExecuteFunctions, 'addExecutionHints'>> & { logger?: Logger }, notices: readonly RulesNotice[]): void {
	for (const { level, words } of notices) {
		source.logger?.[level === 'warning' ? 'warn' : 'info'](words);
		source.addExecutionHints?.({ message: words, location: 'outputPane', type: level });
	}
}
