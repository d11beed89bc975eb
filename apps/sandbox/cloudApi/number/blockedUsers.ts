import { isObject, type JsonObject } from '../../http/json';
import type { Knobs } from '../../knobs';
import type { Residents } from '../../residents/residents';
import type { BusinessNumber } from '../account';
import { GraphError, invalidParameter } from '../graphError';
import { checkProduct } from '../messages/draft';
import { missing, objectsAt, onlyKeys, optionalTextAt } from '../objectShape';
import { dialledDigits } from '../recipient';

const mostPerCall = 1000;
const mostBlocked = 64_000;

interface Blocked {
	readonly input: string;
	readonly wa_id?: string;
	readonly user_id?: string;
}

interface Failed extends Blocked {
	readonly errors: Array<{ message: string; code: number; error_data: { details: string } }>;
}

/** Blocking on the business's side (Meta, "Block users"): only people who wrote in the last 24 hours can be blocked. */
export class BlockedUsers {
	/** @param now milliseconds since the epoch by the sandbox's clock */
	constructor(
		private readonly residents: Residents,
		private readonly knobs: Knobs,
		private readonly now: () => number,
	) {}

	list({ blocked }: BusinessNumber): JsonObject[] {
		return [...blocked].map((number) => {
			const userId = this.residents.find(number)?.userId;
			return { messaging_product: 'whatsapp', ...(this.knobs.bsuid !== 'phone-hidden' && { wa_id: number }), ...(this.knobs.bsuid !== 'off' && userId !== undefined && { user_id: userId }) };
		});
	}

	/** @returns the body of the answer, and its status: 400 where some could not be blocked */
	block(number: BusinessNumber, given: JsonObject): { body: JsonObject; status: number } {
		const added: Blocked[] = [];
		const failed: Failed[] = [];
		for (const user of readUsers(given)) {
			const found = this.identify(user);
			const resident = found.wa_id === undefined ? undefined : this.residents.find(found.wa_id);
			if (!resident || !resident.windowOpen(number.id, this.now())) failed.push(refused(found, 'The user has not messaged this business in the last 24 hours.'));
			else if (number.blocked.size >= mostBlocked) failed.push(refused(found, 'The blocklist is full.'));
			else {
				number.blocked.add(resident.number);
				added.push(found);
			}
		}
		return answer('added_users', added, failed);
	}

	unblock(number: BusinessNumber, given: JsonObject): { body: JsonObject; status: number } {
		const removed: Blocked[] = [];
		const failed: Failed[] = [];
		for (const user of readUsers(given)) {
			const found = this.identify(user);
			if (found.wa_id !== undefined && number.blocked.delete(found.wa_id)) removed.push(found);
			else failed.push(refused(found, 'The user is not blocked.'));
		}
		return answer('removed_users', removed, failed);
	}

	private identify({ user, userId }: User): Blocked {
		if (user === undefined) {
			const resident = this.residents.findByUserId(userId ?? '');
			return { input: userId ?? '', ...(resident && { wa_id: resident.number }), user_id: userId ?? '' };
		}
		try {
			return { input: user, wa_id: dialledDigits(user, this.knobs.missingPlus) };
		} catch (thrown) {
			// Not a number: this one fails, the others of the call do not.
			if (thrown instanceof GraphError) return { input: user };
			throw thrown;
		}
	}
}

interface User {
	readonly user?: string;
	readonly userId?: string;
}

function readUsers(given: JsonObject): User[] {
	onlyKeys(given, new Set(['messaging_product', 'block_users']), 'block_users');
	checkProduct(given);
	const users = objectsAt(given, 'block_users', 'block_users');
	if (users.length === 0) throw missing('block_users');
	if (users.length > mostPerCall) throw invalidParameter(`Param block_users has more than ${mostPerCall} users`);
	return users.filter(isObject).map((entry) => {
		onlyKeys(entry, new Set(['user', 'user_id']), 'block_users');
		const [user, userId] = [optionalTextAt(entry, 'user', 'block_users.user'), optionalTextAt(entry, 'user_id', 'block_users.user_id')];
		if (!user && !userId) throw missing('block_users.user');
		return user ? { user } : { ...(userId && { userId }) };
	});
}

function refused(user: Blocked, details: string): Failed {
	return { ...user, errors: [{ message: 'Failed to block or unblock the user', code: 139100, error_data: { details } }] };
}

function answer(name: 'added_users' | 'removed_users', done: Blocked[], failed: Failed[]): { body: JsonObject; status: number } {
	const block_users = { [name]: done, ...(failed.length > 0 && { failed_users: failed }) };
	if (failed.length === 0) return { status: 200, body: { messaging_product: 'whatsapp', block_users } };
	const error = { message: '(#139100) Failed to block or unblock some users', type: 'OAuthException', code: 139100, error_data: { details: 'Some of the users could not be blocked or unblocked.' } };
	return { status: 400, body: { messaging_product: 'whatsapp', block_users, error } };
}
