import { ok, problem, warning, type Check } from './finding';

/** Meta: "Business verification" and the review of the account. */
export const verification: Check = {
	name: 'business-verification',
	run: async ({ meta }) => {
		const { reviewStatus, verificationStatus } = await meta.account();
		const data = { reviewStatus: reviewStatus ?? null, verificationStatus: verificationStatus ?? null };
		if (reviewStatus === 'REJECTED') return problem('Meta has refused the business account.', 'Ask for another review in Business Support Home.', data);
		if (verificationStatus?.toLowerCase() !== 'verified') {
			return warning('Meta has not verified the council as a business, so it reaches 250 people a day and holds 250 templates.', 'Start the verification in Meta Business Settings › Security centre; see docs/first-day.md for what a council needs.', data);
		}
		if (reviewStatus !== undefined && reviewStatus !== 'APPROVED') return warning(`The review of the business account is ${reviewStatus.toLowerCase()}.`, 'Wait for Meta, or look at WhatsApp Manager.', data);
		return ok('The council is verified as a business.', data);
	},
};
