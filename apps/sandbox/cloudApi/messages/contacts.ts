import { isObject, type JsonObject } from '../../http/json';
import type { MessageContact } from '../../residents/messageContent';
import { GraphError, invalidParameter } from '../graphError';
import { missing, objectAt, objectsAt, onlyKeys, optionalObjectAt, optionalTextAt, textAt } from '../objectShape';
import type { ReadFamily } from './family';

const mostContacts = 257;
const contactKeys = new Set(['addresses', 'birthday', 'emails', 'name', 'org', 'phones', 'urls']);
const otherNameParts = ['first_name', 'last_name', 'middle_name', 'suffix', 'prefix'];
const nameKeys = new Set(['formatted_name', ...otherNameParts]);
const orgKeys = new Set(['company', 'department', 'title']);
const addressParts = ['street', 'city', 'state', 'zip', 'country'];
const addressKeys = new Set([...addressParts, 'country_code', 'type']);

/** `type: contacts` (Meta, "Contacts messages"). */
export const readContacts: ReadFamily = (body) => {
	const given = objectsAt(body, 'contacts', 'contacts');
	if (given.length === 0) throw missing('contacts');
	if (given.length > mostContacts) throw new GraphError(131009, `Param contacts has more than ${mostContacts} contacts`);
	const contacts = given.map((contact, index) => contactOf(contact, `contacts[${index}]`));
	return () => ({ content: { body: '', buttons: [], contacts } });
};

function contactOf(contact: JsonObject, path: string): MessageContact {
	onlyKeys(contact, contactKeys, path);
	const birthday = optionalTextAt(contact, 'birthday', `${path}.birthday`);
	if (birthday !== undefined && birthday !== '' && !/^\d{4}-\d{2}-\d{2}$/.test(birthday)) throw invalidParameter(`Param ${path}.birthday must be a date such as 1980-12-31`);
	const company = optionalObjectAt(contact, 'org', `${path}.org`);
	if (company) onlyKeys(company, orgKeys, `${path}.org`);
	const organisation = company && partsOf(company, ['company', 'department', 'title'], `${path}.org`).join(', ');
	return {
		name: nameOf(contact, path),
		...(organisation && { organisation }),
		phones: listOf(contact, 'phones', ['phone', 'type', 'wa_id'], path).map((phone) => ({
			phone: phone.phone ?? phone.wa_id ?? '',
			...(phone.type && { type: phone.type }),
			...(phone.wa_id && { wa_id: phone.wa_id }),
		})),
		emails: listOf(contact, 'emails', ['email', 'type'], path).map(({ email }) => email ?? ''),
		urls: listOf(contact, 'urls', ['url', 'type'], path).map(({ url }) => url ?? ''),
		addresses: objectsAt(contact, 'addresses', `${path}.addresses`).map((address) => {
			onlyKeys(address, addressKeys, `${path}.addresses`);
			optionalTextAt(address, 'country_code', `${path}.addresses.country_code`);
			optionalTextAt(address, 'type', `${path}.addresses.type`);
			return partsOf(address, addressParts, `${path}.addresses`).join(', ');
		}),
	};
}

/** The formatted name, which needs one other part of the name beside it. */
function nameOf(contact: JsonObject, path: string): string {
	const name = objectAt(contact, 'name', `${path}.name`);
	onlyKeys(name, nameKeys, `${path}.name`);
	const formatted = textAt(name, 'formatted_name', `${path}.name.formatted_name`);
	if (partsOf(name, otherNameParts, `${path}.name`).length === 0) throw new GraphError(131009, `Param ${path}.name needs at least one of ${otherNameParts.join(', ')} beside formatted_name`);
	return formatted;
}

function partsOf(object: JsonObject, keys: readonly string[], path: string): string[] {
	return keys.map((key) => optionalTextAt(object, key, `${path}.${key}`) ?? '').filter(Boolean);
}

function listOf<Key extends string>(contact: JsonObject, name: string, keys: readonly Key[], path: string): Array<Partial<Record<Key, string>>> {
	const given = objectsAt(contact, name, `${path}.${name}`);
	const allowed = new Set<string>(keys);
	return given.filter(isObject).map((entry) => {
		onlyKeys(entry, allowed, `${path}.${name}`);
		return Object.fromEntries(keys.map((key) => [key, optionalTextAt(entry, key, `${path}.${name}.${key}`)])) as Partial<Record<Key, string>>;
	});
}
