import { ok, problem, type Check } from './finding';

/** Whether number and account of the credential are each other's: templates of another account cannot be sent. */
export const ownership: Check = {
	name: 'number-of-account',
	run: async ({ meta, settings }) => {
		const numbers = await meta.accountNumbers();
		const belongs = numbers.includes(settings.id);
		const data = { belongs, numbersOnAccount: numbers.length };
		return belongs
			? ok('The number belongs to the business account.', data)
			: problem('The number does not belong to the business account that the credential names.', 'Compare ‘Phone Number ID’ and ‘Business Account ID’ with API Setup of the Meta app.', data);
	},
};
