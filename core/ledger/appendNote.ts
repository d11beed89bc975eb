import { CivicError } from '../errors';
import { defineCommand } from '../store/command';

const longestText = 10_000;

/** Enters a note of the council's own: that something was done outside this package. The words can be erased, the fact cannot. */
export const appendNote = defineCommand(
	'ledger.append-note',
	async (context, input: { subject: string; text: string; by: string }): Promise<{ enteredAt: string }> => {
		if (!/^[a-z]+(-[a-z]+)*$/.test(input.subject) || input.subject.length > 40) {
			throw new CivicError('input.invalid', "'Subject' is not a short word.", 'Use lower-case words joined by hyphens, such as complaint or media-enquiry.');
		}
		if (input.text.trim() === '' || input.text.length > longestText) {
			throw new CivicError('input.invalid', `'Text' has ${input.text.length} characters.`, `Enter between 1 and ${longestText} characters.`);
		}
		context.append({
			act: `note.${input.subject}`,
			actor: { role: 'staff' },
			outcome: 'ok',
			disclose: { text: input.text, by: input.by.trim() || 'not named' },
		});
		return { enteredAt: new Date(context.now).toISOString() };
	},
);
