import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readEntries } from '../../../core/ledger/readEntries';
import { signedInRequester, type RequesterSource } from '../../../core/message/draftPeople';
import { startOffice, type Office } from '../../council/office';
import { deskIn, deskRequest } from '../../council/officeSteps';

describe('how it is known who asked', () => {
	let office: Office;
	beforeEach(async () => {
		office = await startOffice();
	});
	afterEach(() => office.stop());

	const asker = (source?: RequesterSource) => ({ name: 'Sam Okafor', email: 'sam.okafor@aldersea.example', phone: null, ...(source === undefined ? {} : { source }) });

	it.each([
		['n8n-user', ', signed in to n8n</dd>', 1],
		['whatsapp-code', ', by WhatsApp code</dd>', 1],
		['unattributed', '; nothing shows that it was them, so one approver more is needed</dd>', 2],
		[undefined, '</dd>', 1],
	] as const)('stands on the page, and decides how many sign: %s', async (source, words, signatures) => {
		const { id } = await office.draft({ requester: asker(source) });
		const request = await office.ask(id);
		expect(request.signaturesNeeded).toBe(signatures);
		const { body } = await deskIn(office).page(deskRequest({ token: request.links[0]?.token ?? '' }));
		expect(body).toContain(`<dd class="govuk-summary-list__value"><bdi>Sam Okafor</bdi>, for <bdi>Highways</bdi>${words}`);
	});

	it('is part of what is signed and of the open part of the ledger, where it was recorded', async () => {
		const known = await office.draft({ requester: asker('n8n-user') });
		const unknown = await office.draft({ requester: asker('unattributed') });
		const old = await office.draft({ requester: asker() });
		expect([known, unknown, old].map(({ content }) => content.requesterSource)).toEqual(['n8n-user', 'unattributed', undefined]);
		expect(old.content).not.toHaveProperty('requesterSource');
		const entries = await office.store.execute(readEntries, { act: 'draft.create', resourceId: null, before: null, limit: 3, withDetails: true });
		expect(entries.map(({ entry }) => entry.ref?.requesterSource)).toEqual([undefined, 'unattributed', 'n8n-user']);
		expect(entries[2]?.details?.requester).toEqual(asker('n8n-user'));
	});
});

describe('a signed-in n8n user', () => {
	it('is read as n8n knows them, without marks that nobody sees', () => {
		expect(signedInRequester({ id: 'u-1', name: ' Priya\u202E  Raman\u200B ', email: ' Priya.Raman@Aldersea.example' })).toEqual({
			name: 'Priya Raman',
			email: 'priya.raman@aldersea.example',
			phone: null,
			source: 'n8n-user',
			account: 'u-1',
		});
	});

	it('goes by their address where n8n has no name that anybody could read', () => {
		expect(signedInRequester({ id: 'u-1', name: '\u200B', email: 'priya.raman@aldersea.example' }).name).toBe('priya.raman@aldersea.example');
	});
});
