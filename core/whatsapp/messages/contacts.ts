import type { JsonObject } from '../jsonReading';
import { type Problem, checkOptionalText, checkText, checkWebAddress, problem } from './problem';

/** A contact card. */
export interface ContactCard {
	name: ContactName;
	phones?: Array<{ phone: string; type?: string; /** Digits of the WhatsApp account, so that the card offers a chat. */ waId?: string }>;
	emails?: Array<{ email: string; type?: string }>;
	urls?: Array<{ url: string; type?: string }>;
	addresses?: Array<{ street?: string; city?: string; state?: string; zip?: string; country?: string; countryCode?: string; type?: string }>;
	org?: { company?: string; department?: string; title?: string };
	/** YYYY-MM-DD */
	birthday?: string;
}

/** Meta wants the whole name and at least one of its parts. */
export interface ContactName {
	formattedName: string;
	firstName?: string;
	lastName?: string;
	middleName?: string;
	prefix?: string;
	suffix?: string;
}

export interface ContactsContent {
	type: 'contacts';
	contacts: ContactCard[];
}

/** Meta: "Contacts messages". Its page gives no length for a single field; ours keeps a card a card. */
export const contactsLimits = { contacts: 257, field: 1000 } as const;

export function checkContactsContent({ contacts }: ContactsContent): Problem[] {
	const whole = { field: 'contacts', name: 'The list of contacts' };
	if (contacts.length === 0) return [problem(whole, 'is empty')];
	if (contacts.length > contactsLimits.contacts) return [problem(whole, `has ${contacts.length} contacts; WhatsApp takes at most ${contactsLimits.contacts}`)];
	return contacts.flatMap((card, index) => checkCard(card, `contacts[${index}]`, `contact ${index + 1}`));
}

function checkCard({ name, phones = [], emails = [], urls = [], birthday }: ContactCard, at: string, of: string): Problem[] {
	const parts = [name.firstName, name.lastName, name.middleName, name.prefix, name.suffix].filter((part) => part !== undefined);
	const partsGiven = parts.some((part) => part.trim() !== '');
	return [
		...checkText({ field: `${at}.name.formattedName`, name: `The whole name of ${of}` }, name.formattedName, contactsLimits.field),
		...(partsGiven ? [] : [problem({ field: `${at}.name`, name: `The name of ${of}` }, 'needs a first name, last name or another part beside the whole name')]),
		...phones.flatMap(({ phone }, index) => checkText({ field: `${at}.phones[${index}].phone`, name: `Phone ${index + 1} of ${of}` }, phone, contactsLimits.field)),
		...emails.flatMap(({ email }, index) => checkEmail(email, `${at}.emails[${index}].email`, `E-mail address ${index + 1} of ${of}`)),
		...urls.flatMap(({ url }, index) => checkWebAddress({ field: `${at}.urls[${index}].url`, name: `Web address ${index + 1} of ${of}` }, url)),
		...checkBirthday(birthday, `${at}.birthday`, `The birthday of ${of}`),
	];
}

function checkEmail(email: string, field: string, name: string): Problem[] {
	return /^[^\s@]+@[^\s@]+$/.test(email) ? checkOptionalText({ field, name }, email, contactsLimits.field) : [problem({ field, name }, 'is not an e-mail address')];
}

function checkBirthday(birthday: string | undefined, field: string, name: string): Problem[] {
	if (birthday === undefined) return [];
	const at = /^\d{4}-\d{2}-\d{2}$/.test(birthday) ? Date.parse(birthday) : Number.NaN;
	// 30 February is read as a day in March; a date that comes back the same is one.
	const real = !Number.isNaN(at) && new Date(at).toISOString().startsWith(birthday);
	return real ? [] : [problem({ field, name }, 'is not a date in the form of 1984-11-30')];
}

export function contactsPayload({ contacts }: ContactsContent): JsonObject {
	return { type: 'contacts', contacts: contacts.map(cardObject) };
}

function cardObject({ name, phones, emails, urls, addresses, org, birthday }: ContactCard): JsonObject {
	return given({
		name: given({
			formatted_name: name.formattedName,
			first_name: name.firstName,
			last_name: name.lastName,
			middle_name: name.middleName,
			prefix: name.prefix,
			suffix: name.suffix,
		}),
		phones: phones?.map(({ phone, type, waId }) => given({ phone, type, wa_id: waId })),
		emails: emails?.map((email) => given({ ...email })),
		urls: urls?.map((url) => given({ ...url })),
		addresses: addresses?.map(({ countryCode, ...address }) => given({ ...address, country_code: countryCode })),
		org: org === undefined ? undefined : given({ ...org }),
		birthday,
	});
}

function given(fields: Record<string, unknown>): JsonObject {
	return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
