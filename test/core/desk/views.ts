import type { PageView } from '../../../core/desk/signOff/pageView';
import type { RenderedMessage } from '../../../core/message/draftSummary';

export const english: RenderedMessage = {
	header: 'Gritting tonight',
	body: 'We grit *Route 1 and Route 3* from 18:00 tonight. Frost is forecast on roads above 100 m.\n\nPlease move parked cars on Mill Lane by 17:30. _Take care on pavements_: they are not gritted.',
	footer: 'Aldersea Borough Council. Reply STOP to opt out.',
	buttons: [
		{ kind: 'url', text: 'See the map', url: 'https://aldersea.example/gritting/map' },
		{ kind: 'phone_number', text: 'Ring Highways', phone: '+441632960001' },
		{ kind: 'quick_reply', text: 'Stop these' },
	],
};

const welsh: RenderedMessage = {
	header: 'Graeanu heno',
	body: 'Byddwn yn graeanu *Llwybr 1 a Llwybr 3* o 18:00 heno.\n\nSymudwch geir o Mill Lane erbyn 17:30.',
	footer: 'Cyngor Bwrdeistref Aldersea. Atebwch STOP i beidio â derbyn rhagor.',
	buttons: [{ kind: 'url', text: 'Gweld y map', url: 'https://aldersea.example/graeanu/map' }],
};

export const arabic: RenderedMessage = {
	header: 'رش الملح الليلة',
	body: 'سنرش الملح على الطريق 1 من الساعة 18:00 الليلة. ❄️🚗\n\nيرجى نقل السيارات من Mill Lane قبل 17:30.',
	footer: 'مجلس مدينة ألدرسي',
	buttons: [{ kind: 'quick_reply', text: 'أوقف الرسائل' }],
};

const variant = { template: 'gritting_notice', templateLanguage: 'en_GB', templateContent: { name: 'gritting_notice', language: 'en_GB', category: 'UTILITY', parameter_format: 'NAMED', components: [] }, parameters: {} };

const warning = 'Channel "Aldersea alerts" is in its quiet hours until 21 Nov 2026, 07:00: it goes out not before then.';

/** A request as a busy director gets it, with all that a page can show. Nothing stands behind it. */
export function someView(changes: Partial<PageView> = {}): PageView {
	return {
		approver: 'Morgan Ellis',
		mayDecide: true,
		mayReturn: false,
		confirmation: null,
		stages: [],
		signatures: 1,
		extra: [],
		returned: null,
		closed: null,
		closedAt: null,
		state: 'pending',
		timeUp: false,
		expiresAt: Date.parse('2026-11-20T18:00:00Z'),
		window: 'open',
		digest: '3f7a0c5e9b1d42786a5c0e1f2b3d4c5a69788796a5b4c3d2e1f0123456789abc',
		channel: { name: 'Aldersea alerts', zone: 'Europe/London' },
		content: {
			v: 1,
			channel: '106540352242922',
			mode: 'live',
			service: 'Highways',
			title: 'Gritting tonight, routes 1 and 3',
			category: 'UTILITY',
			variants: [
				{ ...variant, contentLanguage: 'en' },
				{ ...variant, contentLanguage: 'cy' },
			],
			audience: { query: { topic: 'winter-roads', areas: ['route-1', 'route-3'] }, count: 1204, root: '00' },
			notBefore: '2026-11-20T16:30:00.000Z',
			notAfter: '2026-11-20T23:00:00.000Z',
			correction: null,
			feed: { source: 'Open-Meteo', id: 'frost-2026-11-20T18', time: '2026-11-20T12:00:00Z', hash: 'ab' },
		},
		summary: {
			message: english,
			audience: {
				description: 'people in Route 1 or Route 3 who follow winter roads',
				count: 1204,
				byArea: [
					{ area: 'route-1', name: 'Route 1', count: 812 },
					{ area: 'route-3', name: 'Route 3', count: 392 },
				],
				leftOut: { optedOut: 31, unreachable: 8 },
			},
			cost: { amount: 18.06, currency: 'GBP', asOf: '2026-10-01', market: 'GB', source: '', leavesOut: ['VAT'] },
			warnings: [warning],
		},
		requester: 'Sam Okafor',
		requesterSource: 'n8n-user',
		contributors: ['Al Reed', 'Jo Field'],
		signaturesNeeded: 2,
		decisions: [{ by: 'Priya Raman', decision: 'approve', confirmedBy: 'link', at: '2026-11-20T15:10:00.000Z', reason: '' }],
		broadcast: null,
		messages: [
			{ language: 'en', message: english },
			{ language: 'cy', message: welsh },
		],
		draftedAt: Date.parse('2026-11-20T14:40:00Z'),
		askedAt: Date.parse('2026-11-20T14:41:00Z'),
		asked: ['Morgan Ellis', 'Priya Raman'],
		...changes,
	};
}

/** What a new version is compared with. */
export function returnedView(changes: Partial<PageView> = {}): PageView {
	const view = someView({ mayReturn: true, ...changes });
	return {
		...view,
		returned: {
			by: 'Priya Raman',
			at: '2026-11-20T13:20:00.000Z',
			change: 'Say that pavements are not gritted, and leave out Route 2.\nIt is closed.',
			content: { ...view.content, title: 'Gritting tonight, routes 1 to 3', audience: { ...view.content.audience, count: 1650 } },
			summary: {
				...view.summary,
				message: { ...english, body: 'We grit *Route 1, Route 2 and Route 3* from 17:00 tonight. Frost is forecast on roads above 100 m.\n\nPlease move parked cars on Mill Lane by 17:30.' },
				audience: { ...view.summary.audience, description: 'people in Route 1, Route 2 or Route 3 who follow winter roads', count: 1650 },
			},
		},
		stages: [
			{ name: 'Highways duty manager', state: 'done', signatures: 1, signaturesNeeded: 1 },
			{ name: 'Communications', state: 'now', signatures: 0, signaturesNeeded: 1 },
		],
	};
}

export function sendingView(changes: Partial<NonNullable<PageView['broadcast']>> = {}): PageView {
	const totals = { recipients: 1204, pending: 404, accepted: 790, delivered: 702, read: 311, failed: 6, notSent: 9, uncertain: 1 };
	return someView({
		mayDecide: false,
		mayStop: true,
		state: 'approved',
		decisions: [
			{ by: 'Priya Raman', decision: 'approve', confirmedBy: 'link', at: '2026-11-20T15:10:00.000Z', reason: '' },
			{ by: 'Morgan Ellis', decision: 'approve', confirmedBy: 'link', at: '2026-11-20T15:40:00.000Z', reason: '' },
		],
		broadcast: { state: 'sending', heldReason: null, startedAt: Date.parse('2026-11-20T16:30:10Z'), finishedAt: null, totals, ...changes },
	});
}
