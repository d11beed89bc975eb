import { ok, problem, unknown, warning, type Check } from './finding';

/** Meta: "Display names". What residents see above the chat. */
export const displayName: Check = {
	name: 'display-name',
	run: async ({ meta }) => {
		const { nameStatus, verifiedName } = await meta.number();
		const data = { nameStatus: nameStatus ?? null, verifiedName: verifiedName ?? null };
		const named = verifiedName === undefined ? 'The display name' : `The display name “${verifiedName}”`;
		const goOn = 'In WhatsApp Manager, open the number and choose a name that is plainly that of the council.';
		switch (nameStatus) {
			case 'APPROVED':
			case 'AVAILABLE_WITHOUT_REVIEW':
				return ok(`${named} is approved.`, data);
			case 'PENDING_REVIEW':
				return warning(`${named} is being reviewed. Until then residents may see the bare number.`, 'Wait for Meta, which takes a day or two, before the first broadcast.', data);
			case 'DECLINED':
			case 'EXPIRED':
				return problem(`${named} is ${nameStatus === 'DECLINED' ? 'refused by Meta' : 'no longer valid'}.`, goOn, data);
			case 'NONE':
				return warning('The number has no display name.', goOn, data);
			default:
				return unknown('Meta does not tell whether the display name is approved.', 'Look at the number in WhatsApp Manager.', data);
		}
	},
};
