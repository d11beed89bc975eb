import type { DeskChannel } from '../channel/deskChannels';
import { readDeskChannels } from '../channel/deskChannels';
import { isCivicError } from '../errors';
import type { Store } from '../store/store';
import { parseWebhook, type WebhookEvent } from '../whatsapp/webhookEvents';
import { verifyHandshake, verifySignature } from '../whatsapp/webhookSignature';
import { absorbWebhook } from './absorb';
import { plainResponse, type DeskRequest, type DeskResponse } from './deskResponse';
import type { Strangers } from './strangers';

/** Meta's largest webhook is 3 MB ("Webhooks: create an endpoint"). */
const largestBody = 4 * 1024 * 1024;

/** Meta asks, once, whether this address is meant. */
export async function answerHandshake(store: Store, request: DeskRequest): Promise<DeskResponse> {
	const channels = await store.execute(readDeskChannels, undefined);
	const challenge = verifyHandshake(request.query, channels.map(({ verifyToken }) => verifyToken));
	return challenge === undefined ? plainResponse(403, 'The verify token does not match.') : plainResponse(200, challenge);
}

/**
 * Takes a webhook: verify the bytes, commit, then answer 200. What is not committed is answered 500, and Meta sends it again.
 */
export async function receiveWebhook(store: Store, strangers: Strangers, request: DeskRequest): Promise<DeskResponse> {
	if (request.rawBody.length > largestBody) return plainResponse(413, 'Too large.');
	const channels = await store.execute(readDeskChannels, undefined);
	const signature = request.header('x-hub-signature-256');
	const trusted = channels.filter((channel) => verifySignature(request.rawBody, signature, channel.appSecrets) !== undefined);
	if (trusted.length === 0) {
		strangers.count('webhook.wrong-signature', claimedChannel(request.rawBody, channels));
		return plainResponse(401, 'The signature does not match.');
	}
	const events = readEvents(request.rawBody);
	if (events === undefined) return plainResponse(400, 'Not a webhook of the WhatsApp Business Platform.');
	for (const [channelId, ofChannel] of byChannel(events, trusted)) {
		// A secret speaks for its own channels only: one app must not be able to report on another's messages.
		if (!trusted.some(({ id }) => id === channelId)) {
			strangers.count('webhook.unknown-channel', null, ofChannel.length);
			continue;
		}
		const { unmatched } = await store.execute(absorbWebhook, { channelId, events: ofChannel });
		strangers.count('delivery.unmatched', channelId, unmatched);
	}
	return plainResponse(200, 'EVENT_RECEIVED');
}

function readEvents(rawBody: Buffer): WebhookEvent[] | undefined {
	try {
		return parseWebhook(JSON.parse(rawBody.toString('utf8')));
	} catch (cause) {
		// Signed, but no JSON or no webhook: the sender is told so and need not try again.
		if (cause instanceof SyntaxError || isCivicError(cause)) return undefined;
		throw cause;
	}
}

/**
 * Events by the channel they are for. Some of Meta's webhooks name the account only, a resident's `user_preferences` among
 * them: such an event goes to a channel of that account, because a STOP must not be lost for want of a number.
 */
function byChannel(events: WebhookEvent[], trusted: DeskChannel[]): Map<string, WebhookEvent[]> {
	const groups = new Map<string, WebhookEvent[]>();
	for (const event of events) {
		const channelId = event.phoneNumberId ?? trusted.find(({ businessAccountId }) => businessAccountId === event.businessAccountId)?.id;
		if (channelId === undefined) continue;
		const group = groups.get(channelId);
		if (group === undefined) groups.set(channelId, [event]);
		else group.push(event);
	}
	return groups;
}

/** For the count only: which of our channels the unsigned bytes speak of. Nothing else of them is looked at. */
function claimedChannel(rawBody: Buffer, channels: DeskChannel[]): string | null {
	return channels.find(({ id }) => rawBody.includes(`"${id}"`))?.id ?? null;
}
