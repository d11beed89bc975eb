import type { INode } from 'n8n-workflow';
import { openDesk, type DeskAddress } from '../../core/channel/deskAddress';
import { CivicError } from '../../core/errors';
import type { Store } from '../../core/store/store';

interface Addressed {
	getNode(): INode;
	getNodeWebhookUrl(name: 'default'): string | undefined;
}

/** n8n gives the address of the first webhook, `…/<id>/desk/:token`; the others follow from it. */
export function deskAddressOf(context: Addressed): DeskAddress {
	const first = context.getNodeWebhookUrl('default');
	const end = 'desk/:token';
	if (first === undefined || !first.endsWith(end)) {
		throw new CivicError('desk.inactive', 'n8n gives this desk no address.', 'Remove the node, add it again, and activate the workflow.');
	}
	const base = first.slice(0, -end.length);
	return { pageAddress: `${base}desk/`, webhookAddress: `${base}whatsapp` };
}

export async function openDeskHere(context: Addressed, store: Store): Promise<void> {
	await store.execute(openDesk, deskAddressOf(context));
}
