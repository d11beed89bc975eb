import type { IExecuteData, IExecuteFunctions, INode, IRunExecutionData } from 'n8n-workflow';

/** An n8n user, as n8n itself knew them when they submitted the form. */
export interface N8nUser {
	/** n8n's id of the account; name and address can be changed by their owner, this cannot. */
	id: string;
	name: string;
	email: string;
}

/** Who started an execution; `because` says in words why nobody is known to have. */
export type StartedBy = { user: N8nUser } | { user: null; because: string };

const formTrigger = 'n8n-nodes-base.formTrigger';

/** The first version of the Form Trigger that knows "n8n User Auth". */
const firstSignedInVersion = 2.6;

/**
 * The signed-in n8n user whose form started this execution (docs/attribution.md has the reasons). What the flow's own nodes
 * say is not asked: their author could have written anything there. It is read from the execution as n8n stored it before
 * any node ran, and believed only where a live form took it with n8n's own sign-in.
 */
export async function startedBy(context: IExecuteFunctions): Promise<StartedBy> {
	const mode = context.getMode();
	if (mode === 'manual' || mode === 'evaluation') return nobody('this is a test run');
	if (mode !== 'webhook') return nobody('the flow was not started by a form');
	const saved = await beginningOf(context);
	const first = saved?.executionData?.nodeExecutionStack[0];
	const noted = saved?.executionData?.runtimeData;
	if (saved === undefined || first === undefined || noted === undefined) return nobody('n8n keeps no record of how the flow started');
	if (noted.triggerNode?.type !== formTrigger || noted.source !== 'webhook') return nobody(`the flow was started by "${noted.triggerNode?.name ?? 'another flow'}", which is not a form`);
	if (hasGoneOn(saved, first, noted.triggerNode.name)) {
		return nobody('the flow waited, or saved its progress, before it drafted; what n8n had noted at its start is gone by then');
	}
	const flaw = flawOf(first.node);
	if (flaw !== undefined) return nobody(`the form "${first.node.name}" ${flaw}`);
	// n8n's note, encrypted by n8n, of the token that let the form in.
	if (noted.credentials === undefined) return nobody('n8n noted no sign-in');
	const user = readUser(first);
	return user === undefined ? nobody(`the form "${first.node.name}" does not say who signed in`) : { user };
}

function nobody(because: string): StartedBy {
	return { user: null, because };
}

async function beginningOf(context: IExecuteFunctions): Promise<IRunExecutionData | undefined> {
	try {
		return await context.getExecutionDataById(context.getExecutionId());
	} catch {
		// No record is no evidence: the draft is then unattributed, not refused.
		return undefined;
	}
}

/** n8n's record is written over with what the nodes hold when the flow waits or saves its progress. */
function hasGoneOn({ resultData }: IRunExecutionData, first: IExecuteData, trigger: string): boolean {
	return first.node.name !== trigger || first.node.type !== formTrigger || Object.keys(resultData.runData).length > 0 || Object.keys(resultData.pinData ?? {}).length > 0;
}

/** Settings of the form with which a field of the form, or whoever reads its output, could pass for the user. An expression could be anything. */
function flawOf({ typeVersion, parameters }: INode): string | undefined {
	if (typeVersion < firstSignedInVersion || parameters.authentication !== 'n8nUserAuth') return 'lets in people who have not signed in: its "Authentication" is not "n8n User Auth"';
	const { options = {} } = parameters;
	if (typeof options !== 'object' || options === null) return 'has an expression for its options';
	const { includeUserInOutput = true, showHeaders = false } = options as { includeUserInOutput?: unknown; showHeaders?: unknown };
	if (includeUserInOutput !== true) return 'leaves out who signed in: its option "Include User in Output" is off';
	if (showHeaders !== false) return 'puts out, with its option "Show Headers", what could sign in a second time';
	return undefined;
}

function readUser({ data }: IExecuteData): N8nUser | undefined {
	const items = data.main?.[0];
	// A form puts out one item.
	const user = items?.length === 1 ? items[0]?.json.user : undefined;
	if (typeof user !== 'object' || user === null) return undefined;
	const { id, email, firstName, lastName } = user as Record<string, unknown>;
	if (typeof id !== 'string' || typeof email !== 'string' || email.trim() === '') return undefined;
	const name = [firstName, lastName].filter((part): part is string => typeof part === 'string').join(' ').trim();
	return { id, email, name: name === '' ? email : name };
}
