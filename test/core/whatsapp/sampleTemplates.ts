import { type Template, parseTemplate } from '../../../core/whatsapp/template';

/** Entries as Meta's template list gives them. */
export const grittingEntry = {
	id: '564750795574598',
	name: 'gritting_notice',
	parameter_format: 'NAMED',
	language: 'en_GB',
	status: 'APPROVED',
	category: 'UTILITY',
	sub_category: 'CUSTOM',
	correct_category: '',
	quality_score: { score: 'GREEN', date: 1756512000 },
	message_send_ttl_seconds: 14400,
	components: [
		{ type: 'HEADER', format: 'TEXT', text: 'Gritting in {{town}}', example: { header_text_named_params: [{ param_name: 'town', example: 'Aldersea' }] } },
		{
			type: 'BODY',
			text: 'We will treat {{route}} from {{time}} tonight. {{route}} stays open.',
			example: { body_text_named_params: [{ param_name: 'route', example: 'Harbour Road' }, { param_name: 'time', example: '18:00' }] },
		},
		{ type: 'FOOTER', text: 'Aldersea Borough Council' },
		{
			type: 'BUTTONS',
			buttons: [
				{ type: 'QUICK_REPLY', text: 'Stop these' },
				{ type: 'URL', text: 'See map', url: 'https://aldersea.example/gritting/{{1}}', example: ['https://aldersea.example/gritting/route-7'] },
				{ type: 'PHONE_NUMBER', text: 'Call us', phone_number: '+441632960000' },
			],
		},
	],
};

export const binsEntry = {
	id: '2',
	name: 'missed_bins',
	language: 'en_GB',
	status: 'APPROVED',
	category: 'UTILITY',
	components: [
		{ type: 'HEADER', format: 'TEXT', text: 'Bins' },
		{ type: 'BODY', text: 'Your {{2}} bin in {{1}} is collected on {{3}} now.', example: { body_text: [['Saltmarsh', 'green', 'Friday']] } },
	],
};

export const gritting: Template = parseTemplate(grittingEntry);
export const bins: Template = parseTemplate(binsEntry);
export const grittingValues = { header_town: 'Aldersea', body_route: 'Harbour Road', body_time: '18:00', button_1: 'route-7' };

const bare = { language: 'en_GB', status: 'APPROVED', category: 'UTILITY' };

/** A picture, film or document above the words, as Meta lists it. */
export const withHeader = (format: string): Template =>
	parseTemplate({
		...bare,
		id: '3',
		name: `flood_${format.toLowerCase()}`,
		components: [
			{ type: 'HEADER', format, example: { header_handle: ['https://scontent.example/old.jpg'] } },
			{ type: 'BODY', text: 'The river {{1}} is high.', example: { body_text: [['Alder']] } },
		],
	});

/** Two quick replies, then a link, a number and a code to copy. */
export const voucher: Template = parseTemplate({
	...bare,
	id: '4',
	name: 'compost_voucher',
	category: 'MARKETING',
	components: [
		{ type: 'BODY', text: 'Here is your compost voucher.' },
		{
			type: 'BUTTONS',
			buttons: [
				{ type: 'QUICK_REPLY', text: 'Thanks' },
				{ type: 'QUICK_REPLY', text: 'Stop' },
				{ type: 'URL', text: 'Where to use it', url: 'https://aldersea.example/compost' },
				{ type: 'PHONE_NUMBER', text: 'Ask us', phone_number: '+441632960000' },
				{ type: 'COPY_CODE', text: 'Copy offer code', example: ['GREEN26'] },
			],
		},
	],
});

/** A one-time code, as Meta lists it once it is approved. */
export const loginCode: Template = parseTemplate({
	...bare,
	id: '5',
	name: 'login_code',
	category: 'AUTHENTICATION',
	components: [
		{ type: 'BODY', text: '*{{1}}* is your verification code.', add_security_recommendation: true, example: { body_text: [['123456']] } },
		{ type: 'FOOTER', text: 'This code expires in 10 minutes.', code_expiration_minutes: 10 },
		{ type: 'BUTTONS', buttons: [{ type: 'URL', text: 'Copy code', url: 'https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp{{1}}', example: ['https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp123456'] }] },
	],
});

const card = (words: string, place: string) => ({
	components: [
		{ type: 'HEADER', format: 'IMAGE', example: { header_handle: ['https://scontent.example/card.jpg'] } },
		{ type: 'BODY', text: words, example: { body_text_named_params: [{ param_name: 'day', example: 'Saturday' }] } },
		{
			type: 'BUTTONS',
			buttons: [
				{ type: 'URL', text: 'See the park', url: `https://aldersea.example/parks/{{1}}`, example: [`https://aldersea.example/parks/${place}`] },
				{ type: 'QUICK_REPLY', text: 'I will come' },
			],
		},
	],
});

/** Two cards to leaf through, each with a picture, words, a link and an answer. */
export const parksEntry = {
	...bare,
	id: '6',
	name: 'parks_in_summer',
	category: 'MARKETING',
	parameter_format: 'NAMED',
	components: [
		{ type: 'BODY', text: 'Come to our parks in {{month}} with the family.', example: { body_text_named_params: [{ param_name: 'month', example: 'July' }] } },
		{ type: 'CAROUSEL', cards: [card('Brass band on {{day}} at two.', 'harbour'), card('Rowing on {{day}} for all.', 'mere')] },
	],
};
export const parks: Template = parseTemplate(parksEntry);
export const parksValues = {
	body_month: 'July',
	card_1_header_image: '101',
	card_1_body_day: 'Saturday',
	card_1_button_0: 'harbour',
	card_2_header_image: '102',
	card_2_body_day: 'Sunday',
	card_2_button_0: 'mere',
};

/** An offer that runs out, with a code and a link. */
export const swimEntry = {
	...bare,
	id: '7',
	name: 'half_price_swim',
	category: 'MARKETING',
	components: [
		{ type: 'HEADER', format: 'IMAGE', example: { header_handle: ['https://scontent.example/pool.jpg'] } },
		{ type: 'LIMITED_TIME_OFFER', limited_time_offer: { text: 'Half price!', has_expiration: true } },
		{ type: 'BODY', text: 'Swim for half the price at {{1}} this week.', example: { body_text: [['the Lido']] } },
		{ type: 'BUTTONS', buttons: [{ type: 'COPY_CODE', text: 'Copy offer code', example: ['SWIM26'] }, { type: 'URL', text: 'Book', url: 'https://aldersea.example/swim' }] },
	],
};
export const swim: Template = parseTemplate(swimEntry);
export const swimValues = { header_image: '17', offer_ends: '2026-12-24T18:00:00.000Z', body_1: 'the Lido', button_0: 'SWIM26' };

/** A form to fill in, and a button that asks for the number. */
export const formEntry = {
	...bare,
	id: '8',
	name: 'report_a_pothole',
	components: [
		{ type: 'BODY', text: 'Tell us where the pothole is.' },
		{ type: 'BUTTONS', buttons: [{ type: 'FLOW', text: 'Report it', flow_id: '7421', flow_action: 'NAVIGATE', navigate_screen: 'PLACE' }, { type: 'REQUEST_CONTACT_INFO', text: 'Share contact info' }] },
	],
};
export const form: Template = parseTemplate(formEntry);
