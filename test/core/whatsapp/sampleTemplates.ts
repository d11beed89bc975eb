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
