import { isCivicError } from '../../errors';
import { accountWebhooks } from './accountWebhooks';
import { appWebhooks } from './appWebhooks';
import type { CheckWorld } from './checkWorld';
import { clockSkew } from './clockSkew';
import { codeModules } from './codeModules';
import { displayName } from './displayName';
import { environmentAccess } from './environmentAccess';
import { executeCommand } from './executeCommand';
import { fileAccess } from './fileAccess';
import type { Check, Finding } from './finding';
import { graphVersion } from './graphVersion';
import { health } from './health';
import { mode } from './mode';
import { numberStatus } from './numberStatus';
import { otherPackages } from './otherPackages';
import { ownership } from './ownership';
import { payment } from './payment';
import { quality } from './quality';
import { rawSenders } from './rawSenders';
import { reach } from './reach';
import { taskRunners } from './taskRunners';
import { templates } from './templates';
import { throughput } from './throughput';
import { token } from './token';
import { verification } from './verification';

/** Everything that is looked at: the channel first, then the bypasses open on this n8n. Findings of one state are told in this order. */
export const checks: readonly Check[] = [
	token,
	ownership,
	numberStatus,
	health,
	displayName,
	verification,
	payment,
	quality,
	throughput,
	reach,
	templates,
	accountWebhooks,
	appWebhooks,
	graphVersion,
	clockSkew,
	mode,
	rawSenders,
	executeCommand,
	codeModules,
	taskRunners,
	environmentAccess,
	fileAccess,
	otherPackages,
];

export interface ChannelReport {
	/** Whether no check found a problem. Warnings and what could not be found out do not count against it. */
	ok: boolean;
	/** One sentence: how many of what. */
	words: string;
	/** What needs attention first. */
	findings: Finding[];
}

const byUrgency: ReadonlyArray<Finding['state']> = ['problem', 'warning', 'unknown', 'ok'];

/** Runs every check. One that cannot find out is `unknown` and stops no other. Sends nothing and changes nothing. */
export async function runChecks(world: CheckWorld): Promise<ChannelReport> {
	const found = await Promise.all(checks.map(async (check) => await runOne(check, world)));
	const findings = byUrgency.flatMap((state) => found.filter((finding) => finding.state === state));
	const count = (state: Finding['state']) => findings.filter((finding) => finding.state === state).length;
	return { ok: count('problem') === 0, words: summary(count('problem'), count('warning'), count('unknown'), findings.length), findings };
}

async function runOne({ name, run }: Check, world: CheckWorld): Promise<Finding> {
	try {
		return { check: name, ...(await run(world)) };
	} catch (thrown) {
		const [reason, howToGoOn] = isCivicError(thrown) ? [thrown.message, thrown.hint] : ['An unexpected fault came up.', 'Run the check again. If it stays so, report it with the name of this check.'];
		return { check: name, state: 'unknown', words: `This could not be found out. ${withoutSecrets(reason, world)}`, howToGoOn };
	}
}

/** The core's own errors name no secret; this holds should one ever quote a fault of somebody else's. */
function withoutSecrets(words: string, { settings }: CheckWorld): string {
	const secrets = [settings.accessToken, settings.verifyToken, ...settings.appSecrets];
	return secrets.some((secret) => words.includes(secret)) ? 'The reason is not shown, because it quotes a secret.' : words;
}

function summary(problems: number, warnings: number, unknowns: number, all: number): string {
	const parts = [counted(problems, 'problem', 'No'), counted(warnings, 'warning', 'no'), ...(unknowns === 0 ? [] : [`${unknowns} that could not be found out`])];
	return `${parts.join(', ')}, out of ${all} checks.`;
}

function counted(count: number, what: string, none: string): string {
	return count === 1 ? `1 ${what}` : `${count === 0 ? none : count} ${what}s`;
}
