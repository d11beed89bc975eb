import type { JsonObject } from '../../http/json';
import type { BusinessNumber } from '../account';
import { GraphError, invalidParameter } from '../graphError';
import { checkProduct } from '../messages/draft';
import { fieldNames } from '../nodeFields';
import { onlyKeys, optionalTextAt } from '../objectShape';

/** What a business tells of itself in the chat (Meta, "Business profiles"). */
export interface BusinessProfile {
	about?: string;
	address?: string;
	description?: string;
	email?: string;
	websites?: string[];
	vertical?: string;
	profile_picture_url?: string;
}

const limits: Readonly<Record<'about' | 'address' | 'description' | 'email', number>> = { about: 139, address: 256, description: 512, email: 128 };
const verticals = new Set(['UNDEFINED', 'OTHER', 'AUTO', 'BEAUTY', 'APPAREL', 'EDU', 'ENTERTAIN', 'EVENT_PLAN', 'FINANCE', 'GROCERY', 'GOVT', 'HOTEL', 'HEALTH', 'NONPROFIT', 'PROF_SERVICES', 'RETAIL', 'TRAVEL', 'RESTAURANT', 'ALCOHOL', 'ONLINE_GAMBLING', 'PHYSICAL_GAMBLING', 'OTC_DRUGS', 'MATRIMONY_SERVICE', 'NOT_A_BIZ']);
const fields = ['about', 'address', 'description', 'email', 'profile_picture_url', 'websites', 'vertical'] as const;
const settable = new Set(['messaging_product', 'about', 'address', 'description', 'email', 'websites', 'vertical', 'profile_picture_handle']);
const longestWebsite = 256;

/** `GET /{phone-number-id}/whatsapp_business_profile`; without `fields` only the product. */
export function showProfile({ profile }: BusinessNumber, requested: string | null): JsonObject {
	const names = requested === null ? [] : fieldNames(requested);
	const unknown = names.find((name) => !isField(name) && name !== 'messaging_product' && name !== 'id');
	if (unknown !== undefined) throw new GraphError(100, undefined, { message: `(#100) Tried accessing nonexisting field (${unknown}) on node type (WhatsAppBusinessProfile)` });
	const shown = names.filter(isField).filter((name) => profile[name] !== undefined);
	return { data: [{ ...Object.fromEntries(shown.map((name) => [name, profile[name]])), messaging_product: 'whatsapp' }] };
}

/** `POST /{phone-number-id}/whatsapp_business_profile`. @throws GraphError 100 */
export function changeProfile({ profile }: BusinessNumber, given: JsonObject): JsonObject {
	onlyKeys(given, settable, 'whatsapp_business_profile');
	checkProduct(given);
	const changed: BusinessProfile = {};
	for (const name of ['about', 'address', 'description', 'email'] as const) {
		const text = optionalTextAt(given, name, name);
		if (text === undefined) continue;
		if (text.length > limits[name] || (name === 'about' && text === '')) throw invalidParameter(`Param ${name} must be at most ${limits[name]} characters long.`);
		changed[name] = text;
	}
	if (changed.email && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(changed.email)) throw invalidParameter('Param email must be a valid email address');
	const vertical = optionalTextAt(given, 'vertical', 'vertical');
	if (vertical !== undefined && !verticals.has(vertical)) throw invalidParameter(`Param vertical must be one of {${[...verticals].join(', ')}} - got "${vertical}".`);
	optionalTextAt(given, 'profile_picture_handle', 'profile_picture_handle');
	Object.assign(profile, changed, vertical !== undefined && { vertical }, given.websites !== undefined && { websites: readWebsites(given.websites) });
	return { success: true };
}

function readWebsites(given: unknown): string[] {
	const sites = Array.isArray(given) ? given : [given];
	const good = sites.every((site) => typeof site === 'string' && site.length <= longestWebsite && URL.canParse(site));
	if (!good || sites.length > 2) throw invalidParameter(`Param websites takes at most 2 web addresses of at most ${longestWebsite} characters`);
	return sites as string[];
}

function isField(name: string): name is (typeof fields)[number] {
	return (fields as readonly string[]).includes(name);
}
