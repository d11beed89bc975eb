import { detailsOf } from '../delivery/fates';
import type { GraphCode } from '../cloudApi/graphError';

/** Why a message never arrives, for people who do not read error codes. */
const reasons: Partial<Record<GraphCode, string>> = {
	131026: 'This phone cannot be reached: no WhatsApp, a very old version, or the council is blocked.',
	131042: 'The council’s payment method at Meta has a problem.',
	131047: 'This person last wrote more than 24 hours ago; only a template may go out now.',
	131049: 'Meta held it back: this person has had enough marketing messages lately.',
	131050: 'This person stopped marketing messages in WhatsApp.',
	131009: 'The message that this one belongs to is too old or not there.',
	131053: 'The picture, sound or file could not be fetched, or is of a kind that WhatsApp does not take.',
	132015: 'Meta paused the template because of its quality.',
};

export function reasonInWords(code: GraphCode): string {
	return reasons[code] ?? detailsOf(code);
}
