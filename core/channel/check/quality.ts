import { ok, problem, warning, type Check } from './finding';

/** Meta: "Messaging quality": what people who got messages in the last seven days make of them. */
export const quality: Check = {
	name: 'quality',
	run: async ({ meta }) => {
		const { quality: rating } = await meta.number();
		const data = { quality: rating ?? null };
		switch (rating) {
			case 'GREEN':
				return ok('The quality of the number is high (green).', data);
			case 'YELLOW':
				return warning('The quality of the number is medium (yellow): some people block or report its messages.', 'Send less, to people who asked for it, and look at which templates are rated low.', data);
			case 'RED':
				return problem('The quality of the number is low (red). Meta may restrict it.', 'Stop all broadcasts but emergencies for some days, and find out who was messaged without wanting it.', data);
			default:
				return ok('Meta has not rated the quality of the number yet; it does so once people get messages.', data);
		}
	},
};
