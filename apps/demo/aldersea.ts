import type { Owner } from '../host/n8nRest';
import type { Sandbox } from '../sandbox/sandbox';

/** Aldersea is a borough that does not exist; all numbers are from Ofcom's range for drama. */
export const owner: Owner = {
	email: 'owner@aldersea.example',
	firstName: 'Ada',
	lastName: 'Marsh',
	password: 'Aldersea-Borough-1',
};

export const dutyOfficer = { name: 'Priya Raman', email: 'priya.raman@aldersea.example', phone: '+447700900902' };
/** Signs too, but not what she asks for herself: she is the person who is signed in to n8n. */
export const headOfHighways = { name: `${owner.firstName} ${owner.lastName}`, email: owner.email, phone: '+447700900903' };
export const dutyManager = { name: 'Morgan Ellis', email: 'morgan.ellis@aldersea.example', phone: '+447700900901' };

/** Texts STOP while the draft waits for its signature. */
export const residentWhoStops = '+447700900116';

/** The fields of the channel credential, pointed at the sandbox. */
export function channelFields(sandbox: Sandbox): Record<string, unknown> {
	return {
		channelName: 'Aldersea alerts',
		mode: 'live',
		accessToken: sandbox.token,
		appSecret: sandbox.appSecret,
		previousAppSecret: '',
		verifyToken: sandbox.verifyToken,
		phoneNumberId: sandbox.phoneNumberId,
		businessAccountId: sandbox.businessAccountId,
		graphUrl: sandbox.api,
		graphVersion: 'v26.0',
		messagesPerSecond: 40,
		services: { service: [{ name: 'Highways' }, { name: 'Waste' }] },
		approvers: { approver: [dutyManager, dutyOfficer, headOfHighways] },
		signaturesNeeded: 1,
		decideWithinHours: 12,
		reach: 5000,
		quietFrom: '',
		quietTo: '',
		zone: 'Europe/London',
		signOffTemplate: 'civic_sign_off_request',
		templateLanguage: 'en_GB',
	};
}

const givenNames = ['Aled', 'Beth', 'Callum', 'Dilys', 'Ewan', 'Farah', 'Gwen', 'Harriet', 'Idris', 'Jo', 'Kwame', 'Leila', 'Nia', 'Owen', 'Rhys', 'Sam', 'Tomasz', 'Una', 'Wen', 'Yusuf'];
const familyNames = ['Ashdown', 'Birch', 'Crane', 'Dale', 'Eaves', 'Fold', 'Garth', 'Heath', 'Isle', 'Jessop'];

/** 160 people on four gritting routes, with consent, and two lines that cannot be taken. */
export function residentsFile(): string {
	const lines = ['name,phone,topics,area,consent source,consent date'];
	for (let i = 0; i < 160; i++) {
		const name = `${givenNames[i % givenNames.length]} ${familyNames[Math.floor(i / givenNames.length) % familyNames.length]}`;
		const topics = i % 3 === 0 ? 'Winter roads;Bins' : 'Winter roads';
		lines.push(`${name},07700 900${String(i + 16).padStart(3, '0')},${topics},Route ${(i % 4) + 1},Sign-up form,2026-01-05`);
	}
	lines.push('Pat Lane,01632 960111,Winter roads,Route 1,Sign-up form,2026-01-05');
	lines.push('Lee Marsh,not known,Winter roads,Route 2,Sign-up form,2026-01-05');
	return `${lines.join('\n')}\n`;
}
