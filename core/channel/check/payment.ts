import { ok, problem, type Check } from './finding';

/** Meta: without a payment method charged messages are not sent (131042). */
export const payment: Check = {
	name: 'payment',
	run: async ({ meta }) => {
		const { hasPaymentMethod, currency } = await meta.account();
		const data = { hasPaymentMethod, currency: currency ?? null };
		return hasPaymentMethod
			? ok(`A payment method is set${currency === undefined ? '' : `; Meta bills in ${currency}`}.`, data)
			: problem('The business account has no payment method, so templates are not sent.', 'Add one in Meta Business Settings › Billing, or ask the partner who pays for the account.', data);
	},
};
