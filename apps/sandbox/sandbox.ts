import { AdminPlane } from './admin/adminPlane';
import { SandboxClock } from './clock';
import { AcceptedMessages } from './cloudApi/acceptedMessages';
import { assembleApi } from './cloudApi/assembleApi';
import { appId, businessAccountId, BusinessAccount, businessId, phoneNumberId } from './cloudApi/account';
import { ManagementCalls } from './cloudApi/limits/managementCalls';
import { PairLimit } from './cloudApi/limits/pairLimit';
import { PortfolioReach } from './cloudApi/limits/portfolioReach';
import { Throughput } from './cloudApi/limits/throughput';
import { graphHost, mediaHost, mediaUrl } from './cloudApi/media/mediaAddresses';
import { MediaStore } from './cloudApi/media/mediaStore';
import { MessageIds } from './cloudApi/messageIds';
import { Messages } from './cloudApi/messages/messages';
import { RecipientFinder } from './cloudApi/recipient';
import { AccountNews } from './delivery/accountNews';
import { PassingTime } from './delivery/passTime';
import { Schedule } from './delivery/schedule';
import { StatusPlane } from './delivery/statuses';
import { WebhookSender } from './delivery/webhookSender';
import { WebhookTarget } from './delivery/webhookTarget';
import { Faults } from './faults';
import { WeatherFeed } from './feeds/openMeteo';
import { json } from './http/json';
import { listen, type Handle, type Listener, type ListenerOptions, type TextAnswer } from './http/listener';
import { Journal } from './journal';
import type { Knobs } from './knobs';
import { settle, type SandboxOptions, type SandboxSettings } from './options';
import { PhonesPage } from './phones/phonesPage';
import { Inbound } from './residents/inbound';
import { PhoneControls } from './residents/phoneControls';
import { Residents } from './residents/residents';
import { SeededRandom } from './seededRandom';
import { TemplateAuthoring } from './templates/authoring';
import { TemplateCatalogue } from './templates/catalogue';
import { TemplatePacing } from './templates/pacing';
import { TemplateReview } from './templates/review';
import { TemplateNews } from './templates/templateNews';

/** The parts of a sandbox that are not servers: what tests in the same process look into. */
export interface SandboxInside {
	readonly settings: SandboxSettings;
	readonly knobs: Knobs;
	readonly clock: SandboxClock;
	readonly random: SeededRandom;
	readonly journal: Journal;
	readonly schedule: Schedule;
	readonly time: PassingTime;
	readonly account: BusinessAccount;
	readonly templates: TemplateCatalogue;
	readonly review: TemplateReview;
	readonly accountNews: AccountNews;
	readonly news: TemplateNews;
	readonly authoring: TemplateAuthoring;
	readonly pacing: TemplatePacing;
	readonly residents: Residents;
	readonly inbound: Inbound;
	readonly controls: PhoneControls;
	readonly accepted: AcceptedMessages;
	readonly faults: Faults;
	readonly webhooks: WebhookSender;
	readonly target: WebhookTarget;
	readonly messages: Messages;
	readonly media: MediaStore;
	readonly limits: { readonly pairs: PairLimit; readonly reach: PortfolioReach; readonly calls: ManagementCalls };
	/** Resolves once no status, retry or webhook is waiting or under way. */
	idle(): Promise<void>;
	/** Back to the state at the start; the webhook address stays, templates only when asked. */
	reset(keep?: { templates?: boolean }): void;
}

export interface Sandbox extends SandboxInside {
	/** Base addresses without a slash at the end. */
	readonly api: string;
	readonly admin: string;
	readonly phones: string;
	readonly feeds: string;
	readonly token: string;
	readonly appSecret: string;
	readonly appId: string;
	readonly verifyToken: string;
	readonly phoneNumberId: string;
	readonly businessAccountId: string;
	stop(): Promise<void>;
}

/**
 * Starts the three servers: the API, the admin plane, and the residents' phones with the feeds.
 *
 * @throws Error when an option is refused or a port is taken
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	const settings = settle(options);
	const inside = assemble(settings);
	const { target, clock, media } = inside;
	const api = assembleApi(inside, options.allowRealLookingToken ?? false);
	const page = new PhonesPage(inside, new WeatherFeed(clock, inside.knobs, inside.journal));
	const listeners: Listener[] = [];
	const open = async (port: number, handle: Handle, tooLarge: TextAnswer, broken: TextAnswer, more: Partial<ListenerOptions> = {}): Promise<string> => {
		const listener = await listen({ host: settings.host, port, handle, date: () => clock.dateHeader(), tooLarge, broken, names: settings.allowedHosts, ...more });
		listeners.push(listener);
		return listener.url;
	};
	const stop = async (): Promise<void> => {
		target.forget();
		inside.webhooks.stop();
		inside.schedule.clear();
		page.stop();
		await Promise.all(listeners.map((listener) => listener.stop()));
		media.stop();
	};
	try {
		const [tooLarge, broken] = [json({ message: 'The request is too large.' }, 413), json({ message: 'The sandbox could not answer this.' }, 500)];
		const urls = {
			api: await open(settings.port, api.handle, api.tooLarge(), api.broken(), { streams: api.streams, names: new Set([graphHost, mediaHost, ...settings.allowedHosts]) }),
			admin: await open(settings.adminPort, new AdminPlane(inside).handle, tooLarge, broken),
			phones: await open(settings.phonesPort, page.handle, tooLarge, broken),
		};
		inside.inbound.mediaUrl = (id) => (media.find(id) ? mediaUrl(media, id, urls.api) : undefined);
		if (settings.webhook !== undefined) void target.waitFor(settings.webhook);
		const { token, appSecret, verifyToken } = settings;
		return { ...inside, ...urls, feeds: `${urls.phones}/feeds`, token, appSecret, appId, verifyToken, phoneNumberId, businessAccountId, stop };
	} catch (thrown) {
		await stop();
		throw thrown;
	}
}

function assemble(settings: SandboxSettings): SandboxInside {
	const knobs = { ...settings.knobs };
	const clock = new SandboxClock(settings.clock);
	clock.start(settings.clockRate, settings.startsAt);
	const random = new SeededRandom(settings.seed);
	const journal = new Journal(clock, settings.journal);
	const schedule = new Schedule(clock);
	const account = new BusinessAccount(knobs, new Throughput(knobs, () => clock.elapsed()));
	const webhooks = new WebhookSender(account.id, settings.apps, knobs, schedule, journal, random);
	const time = new PassingTime(clock, schedule, webhooks);
	const target = new WebhookTarget(webhooks, settings.verifyToken, journal, settings.allowedHosts);
	const templates = new TemplateCatalogue(random, clock);
	const accountNews = new AccountNews(account, businessId, webhooks, clock);
	const news = new TemplateNews(account, webhooks, clock);
	const review = new TemplateReview(templates, news, schedule, clock, knobs);
	const authoring = new TemplateAuthoring(templates, review, news, clock, knobs);
	const pacing = new TemplatePacing(review, schedule, clock, knobs);
	const residents = new Residents(random, knobs);
	const started = clock.now();
	const media = new MediaStore(random, () => started + clock.elapsed());
	const limits = { pairs: new PairLimit(knobs, () => clock.elapsed()), reach: new PortfolioReach(knobs, () => clock.elapsed()), calls: new ManagementCalls(knobs, account.id, () => clock.elapsed()) };
	const ids = new MessageIds(random);
	const inbound = new Inbound(account, residents, ids, webhooks, clock, knobs);
	const statuses = new StatusPlane(account, residents, webhooks, schedule, clock, random, knobs);
	const controls = new PhoneControls(account, residents, ids, webhooks, statuses, clock, knobs);
	const accepted = new AcceptedMessages();
	const faults = new Faults(random);
	const recipients = new RecipientFinder(residents, knobs, settings.allowedRecipients);
	const messages = new Messages({ accountId: account.id, knobs, clock, recipients, templates, media, ids, statuses, accepted, inbound, faults, pacing, pairs: limits.pairs, reach: limits.reach });
	const invite = (): void => settings.residents.forEach(({ number, name }) => (residents.byWrittenNumber(number, name).invited = true));
	const reset = ({ templates: keepTemplates = false } = {}): void => {
		schedule.clear();
		for (const part of [webhooks, journal, residents, inbound, statuses, accepted, faults, authoring, pacing, media, ...Object.values(limits)]) part.clear();
		if (!keepTemplates) templates.reset();
		review.restart();
		account.reset();
		clock.skewMs = 0;
		clock.setRate(settings.clockRate);
		Object.assign(knobs, settings.knobs);
		ids.nextSeries();
		invite();
	};
	invite();
	review.restart();
	const idle = async (): Promise<void> => {
		while (schedule.pending > 0 || webhooks.busy > 0) await new Promise((resolve) => setTimeout(resolve, 5));
	};
	return { settings, knobs, clock, random, journal, schedule, time, account, templates, review, accountNews, news, authoring, pacing, residents, inbound, controls, accepted, faults, webhooks, target, messages, media, limits, idle, reset };
}

