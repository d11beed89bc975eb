/** Ofcom's numbers for drama: the mobile ones, and those of eleven cities. Nobody has any of them. */
const ranges = ['+447700900', ...['113', '114', '115', '116', '117', '118', '121', '131', '141', '151', '161'].map((city) => `+44${city}4960`)];

/** Twelve thousand people. */
export function recipients(): string[] {
	return ranges.flatMap((range) => Array.from({ length: 1000 }, (_, at) => `${range}${String(at).padStart(3, '0')}`));
}

/** The body of a template message as a client of the Cloud API sends it. */
export function noticeTo(to: string): string {
	const parameters = Object.entries({ routes: 'Harbour Road and Mill Lane', time: '18:00', note: 'Pavements are not treated.' });
	return JSON.stringify({
		messaging_product: 'whatsapp',
		recipient_type: 'individual',
		to,
		type: 'template',
		biz_opaque_callback_data: `delivery-${to}`,
		template: {
			name: 'gritting_notice',
			language: { code: 'en_GB' },
			components: [{ type: 'body', parameters: parameters.map(([parameter_name, text]) => ({ type: 'text', parameter_name, text })) }],
		},
	});
}
