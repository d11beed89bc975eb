import type { JsonObject } from '../../http/json';
import type { Inbound } from '../../residents/inbound';
import { GraphError, invalidParameter } from '../graphError';
import { onlyKeys, optionalObjectAt, textAt } from '../objectShape';

const keys = new Set(['messaging_product', 'status', 'message_id', 'typing_indicator', 'recipient_type', 'to']);

/** `status: read`, with or without the typing indicator (Meta, "Mark messages as read", "Typing indicators"). */
export function markAsRead(body: JsonObject, inbound: Inbound): JsonObject {
	onlyKeys(body, keys, 'message');
	if (body.status !== 'read') throw invalidParameter('Param status must be one of {READ}');
	const typing = optionalObjectAt(body, 'typing_indicator', 'typing_indicator');
	if (typing) {
		onlyKeys(typing, new Set(['type']), 'typing_indicator');
		if (textAt(typing, 'type', 'typing_indicator.type') !== 'text') throw invalidParameter('Param typing_indicator.type must be one of {TEXT}');
	}
	if (!inbound.markAsRead(textAt(body, 'message_id', 'message_id'), typing !== undefined)) throw new GraphError(131009, 'Param message_id is not the id of a received message');
	return { success: true };
}
