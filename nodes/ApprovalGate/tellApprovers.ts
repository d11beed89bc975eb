import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { LinkKind } from '../../core/approval/link';
import { locatorItems } from '../../core/approval/locators';
import { notifyApprovers, readSignOffTemplate, requireDeskButton, type Notified } from '../../core/approval/notifyApprovers';
import type { RequestedSignOff } from '../../core/approval/requestSignOff';
import { readCodeTemplate } from '../../core/approval/sendCode';
import { readDesk } from '../../core/channel/deskAddress';
import { CivicError } from '../../core/errors';
import type { OpenedChannel } from '../shared/openChannel';

export const tellApproversFields: INodeProperties[] = [
	{
		displayName: 'Tell Approvers By',
		name: 'tellApproversBy',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Another Workflow', value: 'workflow', description: 'By e-mail, Teams, Slack or whatever that workflow does. Its links open the page; to decide, approvers confirm by a code from WhatsApp.' },
			{ name: 'WhatsApp', value: 'whatsApp', description: 'Each approver gets a private link on the number in the rules of the channel' },
		],
		default: 'whatsApp',
	},
	{
		displayName: 'Workflow',
		name: 'tellWorkflow',
		type: 'workflowSelector',
		default: '',
		required: true,
		description: 'Gets one item an approver: name, email, link, title, service, people, deadline. Start from the sample flow <i>Notify approvers</i>.',
		displayOptions: { show: { tellApproversBy: ['workflow'] } },
	},
];

/** How the approvers of a request hear of it. */
export interface Telling {
	/** What their links have to be. */
	links: LinkKind;
	tell(request: RequestedSignOff): Promise<Notified>;
}

/**
 * Makes sure, before there is a request, that approvers can be told and can then decide.
 * @throws CivicError template.*, input.invalid
 */
export async function prepareTelling(context: IExecuteFunctions, opened: OpenedChannel): Promise<Telling> {
	const { store, channel, api } = opened;
	const byWorkflow = context.getNodeParameter('tellApproversBy', 0, 'whatsApp') === 'workflow';
	if (byWorkflow || channel.rules.confirmByCode) await readCodeTemplate(api, channel.rules);
	if (byWorkflow) return tellingByWorkflow(context, opened);
	const template = await readSignOffTemplate(api, channel.rules);
	const desk = await store.execute(readDesk, undefined);
	if (desk?.active === true) requireDeskButton(template, desk.pageAddress);
	return { links: 'private', tell: (request) => notifyApprovers({ store, api }, channel, template, request) };
}

function tellingByWorkflow(context: IExecuteFunctions, { channel }: OpenedChannel): Telling {
	const chosen = context.getNodeParameter('tellWorkflow', 0, '') as string | { value?: string };
	const id = String((typeof chosen === 'string' ? chosen : chosen.value) ?? '').trim();
	if (id === '') throw new CivicError('input.invalid', "No workflow is chosen in 'Workflow'.", 'Choose one that tells the approvers, such as workflows/notify-approvers.json, or tell them by WhatsApp.');
	return {
		links: 'locator',
		tell: async (request) => {
			const items = locatorItems(request, channel.rules.zone).map((json) => ({ json: { ...json } }));
			await call(context, id, items);
			return { reached: request.links.map(({ approver }) => approver.name), missed: [] };
		},
	};
}

/** Not waited for, and no child of this execution, which sleeps until the desk wakes it and nothing else. */
async function call(context: IExecuteFunctions, id: string, items: Array<{ json: Record<string, string | number> }>): Promise<void> {
	try {
		await context.executeWorkflow({ id }, items, undefined, { doNotWaitToFinish: true, executionMode: context.getMode() });
	} catch (cause) {
		throw notStarted(cause);
	}
}

/** What n8n says names the flow at most: the items are not part of it. */
function notStarted(cause: unknown): CivicError {
	return new CivicError(
		'approval.no-approvers',
		`The workflow that tells the approvers could not be started: ${cause instanceof Error ? cause.message : 'no reason given'}`,
		'Activate it, and let it be called by this workflow (its setting "This workflow can be called by"). The request was closed; nothing was sent to residents.',
		{ cause },
	);
}
