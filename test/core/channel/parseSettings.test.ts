import { describe, expect, it } from 'vitest';
import { parseChannelSettings } from '../../../core/channel/parseSettings';
import { isCivicError, type CivicError } from '../../../core/errors';
import { officeFields } from '../../council/office';

const secretFields = { accessToken: 'token-9f2c71d0', appSecret: 'secret-5ab03e', previousAppSecret: 'older-77e1d2', verifyToken: 'verify-31c9aa' };

function refusalOf(changes: Record<string, unknown>): CivicError {
	try {
		parseChannelSettings(officeFields({ ...secretFields, ...changes }));
	} catch (thrown) {
		if (isCivicError(thrown)) return thrown;
		throw thrown;
	}
	throw new Error('the settings were taken');
}

const approver = (changes: Record<string, unknown>) => ({
	approvers: { approver: [{ name: 'Morgan Ellis', email: 'morgan.ellis@aldersea.example', phone: '07700 900901', ...changes }] },
});

describe('the fields of a channel credential', () => {
	it('make a channel, with numbers in one form and e-mail addresses in lower case', () => {
		const settings = parseChannelSettings(
			officeFields({ ...secretFields, graphUrl: 'https://graph.facebook.com/', signaturesNeeded: '2', quietFrom: '22:00', quietTo: '06:30', ...{ approvers: { approver: [
				{ name: ' Morgan Ellis ', email: 'Morgan.Ellis@Aldersea.example', phone: '+44 (0)7700 900901' },
				{ name: 'Priya Raman', email: 'priya.raman@aldersea.example', phone: '07700900902' },
			] } } }),
		);
		expect(settings.graphUrl).toBe('https://graph.facebook.com');
		expect(settings.appSecrets).toEqual(['secret-5ab03e', 'older-77e1d2']);
		expect(settings.rules).toMatchObject({
			signaturesNeeded: 2,
			quietHours: { from: '22:00', to: '06:30' },
			approvers: [
				{ name: 'Morgan Ellis', email: 'morgan.ellis@aldersea.example', phone: '+447700900901' },
				{ name: 'Priya Raman', email: 'priya.raman@aldersea.example', phone: '+447700900902' },
			],
		});
	});

	/** What is wrong, and what the sentence must name: the field as the form shows it. */
	const wrong: Array<[string, Record<string, unknown>, RegExp]> = [
		['no channel name', { channelName: ' ' }, /'Channel Name'/],
		['another mode', { mode: 'test' }, /'Mode'/],
		['no token', { accessToken: '' }, /'Access Token'/],
		['no app secret', { appSecret: '  ' }, /'App Secret'/],
		['no verify token', { verifyToken: undefined }, /'Verify Token'/],
		['a phone number for its id', { phoneNumberId: '+44 20 7946 0000' }, /'Phone Number ID'/],
		['letters for the account', { businessAccountId: 'aldersea' }, /'Business Account ID'/],
		['an address elsewhere', { graphUrl: 'https://graph.facebook.com.evil.example' }, /Graph address/i],
		['no address', { graphUrl: '' }, /'Graph Address'/],
		['another version', { graphVersion: '26' }, /'Graph Version'/],
		['a start of quiet hours without an end', { quietFrom: '22:00', quietTo: '' }, /'Quiet Hours'/],
		['a time that is none', { quietFrom: '24:00', quietTo: '06:00' }, /'Quiet Hours From'/],
		['another time that is none', { quietFrom: '22:00', quietTo: '6' }, /'Quiet Hours To'/],
		['a zone that is none', { zone: 'Europe/Aldersea' }, /'Time Zone'/],
		['no service', { services: {} }, /'Services'/],
		['a service without a name', { services: { service: [{ name: 'Highways' }, { name: '' }] } }, /'Services', row 2/],
		['no approver', { approvers: { approver: [] } }, /'Approvers'/],
		['an approver without a name', approver({ name: '' }), /'Approvers', row 1 › Name/],
		['an approver without an address', approver({ email: 'morgan' }), /'Approvers', row 1 › Email/],
		['an approver without a phone', approver({ phone: '' }), /'Approvers', row 1 › Phone/],
		['an approver with half a number', approver({ phone: '07700' }), /'Approvers', row 1 › Phone/],
		['no number of sign-offs', { signaturesNeeded: '' }, /'Sign-Offs Needed'/],
		['half a sign-off', { signaturesNeeded: 1.5 }, /'Sign-Offs Needed'/],
		['more sign-offs than approvers', { signaturesNeeded: 3 }, /'Sign-Offs Needed'.*3.*2/],
		['no time to decide', { decideWithinHours: 0 }, /'Decide Within \(Hours\)'/],
		['no reach', { reach: undefined }, /'Reach'/],
		['a rate of nothing', { messagesPerSecond: 0 }, /'Messages per Second'/],
		['no sign-off template', { signOffTemplate: '' }, /'Sign-Off Template'/],
		['no template language', { templateLanguage: '' }, /'Template Language'/],
	];

	it.each(wrong)('with %s are refused by the name of the field, without quoting a secret', (_, changes, named) => {
		const refusal = refusalOf(changes);
		expect(refusal.message).toMatch(named);
		expect(refusal.hint).not.toBe('');
		for (const secret of Object.values(secretFields)) expect(`${refusal.message} ${refusal.hint} ${String(refusal.stack)}`).not.toContain(secret);
	});

	it('speak in whole words, not in those of a validator', () => {
		for (const [, changes] of wrong) expect(refusalOf(changes).message).not.toMatch(/expected|received|NaN|undefined|invalid_|String must|Number must/i);
	});

	it('never show a whole phone number', () => {
		expect(refusalOf(approver({ phone: '07700 900 9011' })).message).not.toMatch(/900\s?9011/);
	});
});
