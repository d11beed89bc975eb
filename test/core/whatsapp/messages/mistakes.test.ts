import { describe, expect, it } from 'vitest';

import { type MessageContent, checkMessage } from '../../../../core/whatsapp/messages/content';

const yes = { id: 'y', title: 'Yes' };
const card = { name: { formattedName: 'Highways Desk', firstName: 'Highways' } };
const one = { id: '1', title: 'One' };

/** A message with one mistake, the field it is in, and what is said. */
const mistakes: Array<[string, MessageContent, string, RegExp]> = [
	['an empty text', { type: 'text', body: '' }, 'body', /^The text is empty\.$/],
	['a blank text', { type: 'text', body: ' \n ' }, 'body', /is empty/],
	['half a character', { type: 'text', body: 'a\ud83d' }, 'body', /half a character/],
	['no text at all', { type: 'text', body: 7 as unknown as string }, 'body', /not a text/],

	['media without id', { type: 'image', media: { id: '' } }, 'media', /no usable media id/],
	['media with a wamid for id', { type: 'image', media: { id: 'wamid.HBgM' } }, 'media', /no usable media id/],
	['media given twice', { type: 'image', media: { id: '1', link: 'https://aldersea.example/a.jpg' } as { id: string } }, 'media', /given twice/],
	['a link that is no address', { type: 'image', media: { link: 'a.jpg' } }, 'media', /not a whole web address/],
	['a link to a file of this machine', { type: 'image', media: { link: 'file:///etc/passwd' } }, 'media', /not a whole web address/],
	['a link with a line break', { type: 'image', media: { link: 'https://aldersea.example/\na.jpg' } }, 'media', /not a whole web address/],
	['a link with a password', { type: 'video', media: { link: 'https://me:pw@aldersea.example/a.mp4' } }, 'media', /user name or password/],
	['a caption on a sound', { type: 'audio', media: { id: '1' }, caption: 'Hello' } as MessageContent, 'caption', /cannot go with an audio file/],
	['a caption on a sticker', { type: 'sticker', media: { id: '1' }, caption: 'Hello' } as MessageContent, 'caption', /cannot go with a sticker/],
	['an empty caption', { type: 'image', media: { id: '1' }, caption: ' ' }, 'caption', /is empty/],
	['a file name with a path', { type: 'document', media: { id: '1' }, filename: 'a/b.pdf' }, 'filename', /slash/],
	['an empty file name', { type: 'document', media: { id: '1' }, filename: '' }, 'filename', /is empty/],

	['a latitude beyond the pole', { type: 'location', latitude: 90.1, longitude: 0 }, 'latitude', /between -90 and 90/],
	['a longitude beyond the date line', { type: 'location', latitude: 0, longitude: -180.1 }, 'longitude', /between -180 and 180/],
	['no number', { type: 'location', latitude: Number.NaN, longitude: 0 }, 'latitude', /between/],
	['an endless number', { type: 'location', latitude: 0, longitude: Number.POSITIVE_INFINITY }, 'longitude', /between/],
	['a number as text', { type: 'location', latitude: '53' as unknown as number, longitude: 0 }, 'latitude', /between/],
	['an address without a name', { type: 'location', latitude: 0, longitude: 0, address: 'Harbour Road' }, 'address', /only together with a name/],

	['no contacts', { type: 'contacts', contacts: [] }, 'contacts', /is empty/],
	['a contact without a whole name', { type: 'contacts', contacts: [{ name: { formattedName: '', firstName: 'A' } }] }, 'contacts[0].name.formattedName', /^The whole name of contact 1 is empty/],
	['a contact with a whole name only', { type: 'contacts', contacts: [card, { name: { formattedName: 'A' } }] }, 'contacts[1].name', /^The name of contact 2 needs/],
	['an empty phone', { type: 'contacts', contacts: [{ ...card, phones: [{ phone: '' }] }] }, 'contacts[0].phones[0].phone', /is empty/],
	['no e-mail address', { type: 'contacts', contacts: [{ ...card, emails: [{ email: 'aldersea' }] }] }, 'contacts[0].emails[0].email', /not an e-mail address/],
	['no web address', { type: 'contacts', contacts: [{ ...card, urls: [{ url: 'aldersea' }] }] }, 'contacts[0].urls[0].url', /not a whole web address/],
	['a birthday in another form', { type: 'contacts', contacts: [{ ...card, birthday: '30/11/1984' }] }, 'contacts[0].birthday', /1984-11-30/],
	['a birthday that never was', { type: 'contacts', contacts: [{ ...card, birthday: '1984-02-30' }] }, 'contacts[0].birthday', /1984-11-30/],

	['a word as a reaction', { type: 'reaction', messageId: 'wamid.IN', emoji: 'ok' }, 'emoji', /not exactly one emoji/],
	['two reactions', { type: 'reaction', messageId: 'wamid.IN', emoji: '👍👍' }, 'emoji', /not exactly one emoji/],
	['a digit as a reaction', { type: 'reaction', messageId: 'wamid.IN', emoji: '1' }, 'emoji', /not exactly one emoji/],
	['a space as a reaction', { type: 'reaction', messageId: 'wamid.IN', emoji: ' ' }, 'emoji', /not exactly one emoji/],
	['a reaction to nothing', { type: 'reaction', messageId: '', emoji: '👍' }, 'messageId', /not a message id/],

	['no buttons', { type: 'buttons', body: 'Well?', buttons: [] }, 'buttons', /is empty/],
	['two buttons alike', { type: 'buttons', body: 'Well?', buttons: [yes, { id: 'n', title: 'Yes' }] }, 'buttons[1].title', /^The title of button 2 is the same as the title of button 1\.$/],
	['two ids alike', { type: 'buttons', body: 'Well?', buttons: [yes, { id: 'y', title: 'No' }] }, 'buttons[1].id', /the same as the id of button 1/],
	['a blank button', { type: 'buttons', body: 'Well?', buttons: [{ id: 'y', title: ' ' }] }, 'buttons[0].title', /is empty/],
	['a button without an id', { type: 'buttons', body: 'Well?', buttons: [{ id: '', title: 'Yes' }] }, 'buttons[0].id', /is empty/],
	['a bold button', { type: 'buttons', body: 'Well?', buttons: [{ id: 'y', title: '*Yes*' }] }, 'buttons[0].title', /marks for bold/],
	['a button of two lines', { type: 'buttons', body: 'Well?', buttons: [{ id: 'y', title: 'Yes\nplease' }] }, 'buttons[0].title', /line break/],
	['no words above buttons', { type: 'buttons', body: '', buttons: [yes] }, 'body', /is empty/],
	['an empty footer', { type: 'buttons', body: 'Well?', footer: '', buttons: [yes] }, 'footer', /is empty/],
	['a header picture without id', { type: 'buttons', header: { type: 'image', media: { id: 'x' } }, body: 'Well?', buttons: [yes] }, 'header.media', /^The image in the header/],

	['a list without rows', { type: 'list', body: 'Which?', button: 'Choose', sections: [{ rows: [] }] }, 'sections', /has no rows/],
	['a list without sections', { type: 'list', body: 'Which?', button: 'Choose', sections: [] }, 'sections', /has no rows/],
	['an empty section', { type: 'list', body: 'Which?', button: 'Choose', sections: [{ title: 'A', rows: [one] }, { title: 'B', rows: [] }] }, 'sections[1].rows', /has no rows/],
	['sections without titles', { type: 'list', body: 'Which?', button: 'Choose', sections: [{ title: 'A', rows: [one] }, { rows: [{ id: '2', title: 'Two' }] }] }, 'sections[1].title', /^The title of section 2 is empty/],
	['rows with one id', { type: 'list', body: 'Which?', button: 'Choose', sections: [{ title: 'A', rows: [one] }, { title: 'B', rows: [one] }] }, 'sections[1].rows[0].id', /the same as the id of row 1 in section 1/],
	['a picture above a list', { type: 'list', header: { type: 'image', media: { id: '1' } } as unknown as { type: 'text'; text: string }, body: 'Which?', button: 'Choose', sections: [{ rows: [one] }] }, 'header', /can only be text/],

	['a link without an address', { type: 'link', body: 'See', displayText: 'Open', url: '' }, 'url', /not a whole web address/],
	['a link that runs a script', { type: 'link', body: 'See', displayText: 'Open', url: 'javascript:alert(1)' }, 'url', /not a whole web address/],
	['a location request without words', { type: 'locationRequest', body: '' }, 'body', /is empty/],

	['a template in capitals', { type: 'template', name: 'Gritting', language: 'en_GB', components: [] }, 'name', /small letters/],
	['a language with a hyphen', { type: 'template', name: 'a', language: 'en-GB', components: [] }, 'language', /Meta writes it en_GB/],
	['a language in small letters', { type: 'template', name: 'a', language: 'en_gb', components: [] }, 'language', /is not a code/],
	['no language', { type: 'template', name: 'a', language: '', components: [] }, 'language', /is not a code/],
	['a language by its name', { type: 'template', name: 'a', language: 'English', components: [] }, 'language', /is not a code/],
	['a line break in a value', { type: 'template', name: 'a', language: 'en', components: [{ type: 'body', parameters: [{ type: 'text', text: 'a\nb' }] }] }, 'components[0].parameters[0]', /^Value 1 of the text holds a line break/],
	['a tab in a value', { type: 'template', name: 'a', language: 'en', components: [{ type: 'header', parameters: [{ type: 'text', text: 'a\tb' }] }] }, 'components[0].parameters[0]', /^Value 1 of the header holds a tab/],
	['five spaces in a value', { type: 'template', name: 'a', language: 'en', components: [{ type: 'body', parameters: [{ type: 'text', text: 'a     b' }] }] }, 'components[0].parameters[0]', /more than 4 spaces/],
	['an empty value', { type: 'template', name: 'a', language: 'en', components: [{ type: 'body', parameters: [{ type: 'text', text: '' }] }] }, 'components[0].parameters[0]', /is empty/],
	['a header picture without an id', { type: 'template', name: 'a', language: 'en', components: [{ type: 'header', parameters: [{ type: 'image', image: { id: '' } }] }] }, 'components[0].parameters[0]', /^The image in the header/],
	['a header place off the globe', { type: 'template', name: 'a', language: 'en', components: [{ type: 'header', parameters: [{ type: 'location', location: { latitude: 91, longitude: 0 } }] }] }, 'components[0].parameters[0].latitude', /between/],
];

describe('a mistake in a message', () => {
	it.each(mistakes)('is found: %s', (_, content, field, said) => {
		const problems = checkMessage(content);
		expect(problems.map((problem) => problem.field)).toEqual([field]);
		expect(problems[0]?.message).toMatch(said);
		expect(problems[0]?.message).toMatch(/^[A-Z].*\.$/);
	});

	it.each<[string, MessageContent]>([
		['four spaces', { type: 'template', name: 'a', language: 'en', components: [{ type: 'body', parameters: [{ type: 'text', text: 'a    b' }] }] }],
		['a language of three letters', { type: 'template', name: 'a', language: 'fil', components: [] }],
		['an emoji that keyboards write without its mark', { type: 'reaction', messageId: 'wamid.IN', emoji: '❤' }],
		['an emoji of several parts', { type: 'reaction', messageId: 'wamid.IN', emoji: '👩🏽‍🚒' }],
		['a flag', { type: 'reaction', messageId: 'wamid.IN', emoji: '🏴󠁧󠁢󠁷󠁬󠁳󠁿' }],
		['a leap day', { type: 'contacts', contacts: [{ ...card, birthday: '1984-02-29' }] }],
		['a star in a button', { type: 'buttons', body: 'Well?', buttons: [{ id: 'y', title: '5 * 3' }] }],
		['one section without a title', { type: 'list', body: 'Which?', button: 'Choose', sections: [{ rows: [one] }] }],
		['rows that are titled alike', { type: 'list', body: 'Which?', button: 'Choose', sections: [{ rows: [one, { id: '2', title: 'One' }] }] }],
		['the pole and the date line', { type: 'location', latitude: -90, longitude: 180 }],
		['Welsh words', { type: 'text', body: 'Ffyrdd wedi’u graeanu – gofal' }],
	])('is not seen in %s', (_, content) => {
		expect(checkMessage(content)).toEqual([]);
	});
});
