import type { IHookFunctions } from 'n8n-workflow';
import { closeDesk, openDesk, readDesk, type DeskAddress } from '../../core/channel/deskAddress';
import { CivicError } from '../../core/errors';
import { openStore } from '../shared/openStore';

/** n8n gives the address of the first webhook, `…/<id>/desk/:token`; the others follow from it. */
export function deskAddressOf(context: Pick<IHookFunctions, 'getNodeWebhookUrl'>): DeskAddress {
	const first = context.getNodeWebhookUrl('default');
	const end = 'desk/:token';
	if (first === undefined || !first.endsWith(end)) {
		throw new CivicError('desk.inactive', 'n8n gives this desk no address.', 'Remove the node, add it again, and activate the workflow.');
	}
	const base = first.slice(0, -end.length);
	return { pageAddress: `${base}desk/`, webhookAddress: `${base}whatsapp` };
}

/** Whether the store knows this desk to be on, at these addresses. */
export async function isOpenHere(context: IHookFunctions): Promise<boolean> {
	if (isTried(context)) return false;
	const desk = await (await openStore(context)).execute(readDesk, undefined);
	const here = deskAddressOf(context);
	return desk?.active === true && desk.pageAddress === here.pageAddress && desk.webhookAddress === here.webhookAddress;
}

/** @throws CivicError desk.inactive when it is only tried out in the editor, or a desk in another workflow is on */
export async function openHere(context: IHookFunctions): Promise<void> {
	if (isTried(context)) throw cannotBeTried();
	const store = await openStore(context);
	const desk = await store.execute(readDesk, undefined);
	const here = deskAddressOf(context);
	if (desk?.active === true && !isSameDesk(desk, here)) {
		throw new CivicError(
			'desk.inactive',
			'Another workflow with a Civic Desk Trigger is active, and links can lead to one desk only.',
			'Keep that workflow and delete this one, or deactivate it first. If it is gone already, try again in three minutes.',
		);
	}
	await store.execute(openDesk, here);
}

/** Closes the desk, unless by now it is another one, or it was only tried out. */
export async function closeHere(context: IHookFunctions): Promise<void> {
	if (isTried(context)) return;
	const store = await openStore(context);
	const desk = await store.execute(readDesk, undefined);
	if (desk !== null && isSameDesk(desk, deskAddressOf(context))) await store.execute(closeDesk, undefined);
}

/** n8n calls the same methods, with an address for tests, when somebody presses "Execute workflow". */
export function isTried(context: Pick<IHookFunctions, 'getMode'>): boolean {
	return context.getMode() === 'manual';
}

export function cannotBeTried(): CivicError {
	return new CivicError('desk.inactive', 'A desk cannot be tried out from the editor.', 'Activate the workflow and leave it on.');
}

/** Host and path prefix of an n8n may change. What stays is `<id of the node's webhook>/desk/`. */
function isSameDesk(one: DeskAddress, other: DeskAddress): boolean {
	const end = ({ pageAddress }: DeskAddress) => pageAddress.split('/').slice(-3).join('/');
	return end(one) === end(other);
}
