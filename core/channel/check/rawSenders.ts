import { ok, unknown, warning, type Check } from './finding';

const senders = { 'n8n-nodes-base.whatsApp': 'WhatsApp Business Cloud', 'n8n-nodes-base.whatsAppTrigger': 'WhatsApp Trigger' } as const;

const goOn =
	'List n8n-nodes-base.whatsApp in NODES_EXCLUDE (repeat n8n’s own two entries), keep this number’s token in this credential only, and make a new token when somebody may have copied it.';

/**
 * Whether somebody could send on this number around the rules. A credential restricted to our nodes keeps other nodes out,
 * but the same token may stand in another credential, and n8n shows no node what other credentials hold. What can be seen
 * is the trace: statuses for messages that we did not send.
 */
export const rawSenders: Check = {
	name: 'raw-senders',
	run: async ({ host, store }) => {
		const { unmatchedStatuses } = await store();
		const open = Object.entries(senders).filter(([type]) => host.nodeTypes?.includes(type));
		const data = { nodes: open.map(([type]) => type), reportsOfOtherSends: unmatchedStatuses, otherCredentials: 'cannot be seen from inside a node' };
		if (unmatchedStatuses > 0) {
			const times = unmatchedStatuses === 1 ? 'once' : `${unmatchedStatuses} times`;
			return warning(`In the last 30 days Meta reported ${times} on messages of this number that this product did not send: somebody sends around it.`, `Look for delivery.unmatched in the ledger. ${goOn}`, data);
		}
		if (host.nodeTypes === null) return unknown('This n8n does not tell which nodes it offers. No message was seen that this product did not send.', goOn, data);
		if (open.length > 0) {
			return warning(`This n8n offers the raw nodes ${open.map(([, name]) => name).join(' and ')}. Whether a credential of theirs, or one of an HTTP Request, holds the token of this number cannot be seen from inside a node. No message was seen that this product did not send.`, goOn, data);
		}
		return ok('The raw WhatsApp nodes are switched off, and no message was seen that this product did not send. What an HTTP Request with a copied token does cannot be seen beforehand.', data);
	},
};
