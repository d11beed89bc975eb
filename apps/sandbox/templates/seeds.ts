import { readCodeComponents } from './codeDefinition';
import type { BodyComponent, NamedExample, TemplateCategory, TemplateComponent, TemplateDefinition, TemplateState, TemplateStatus } from './template';

export interface SeedTemplate extends Partial<Pick<TemplateState, 'rejected_reason' | 'quality_score'>> {
	status: TemplateStatus;
	definition: TemplateDefinition;
}

const footer = 'Aldersea Borough Council. Reply STOP to opt out.';

/** Where the link of a sign-off request leads until the demo sets its own desk address. */
const signOffUrl = 'http://127.0.0.1:5678/webhook/desk/{{1}}';

interface Notice {
	name: string;
	header: string;
	body: string;
	/** Examples by variable name. */
	examples?: Record<string, string>;
	status?: TemplateStatus;
	category?: TemplateCategory;
	rejected_reason?: string;
	/** `false` for a message that goes to staff, who have nothing to stop. */
	stoppable?: boolean;
}

/** The templates every sandbox starts with: more than one page of them, and one in each awkward state. */
export function seedTemplates(): SeedTemplate[] {
	return [grittingNotice(), signOffRequest(), confirmationCode(), report(), ...notices.map(notice), bookingReminder(), welshGritting()];
}

function grittingNotice(): SeedTemplate {
	return notice({
		name: 'gritting_notice',
		header: 'Gritting tonight',
		body: 'We plan to grit these routes tonight: {{routes}}. Treatment starts at {{time}}. {{note}} Please leave room for the gritters and allow extra time.',
		examples: { routes: 'Harbour Road and Mill Lane', time: '18:00', note: 'Pavements are not treated.' },
	});
}

function signOffRequest(): SeedTemplate {
	const seed = notice({
		name: 'civic_sign_off_request',
		header: 'Sign-off needed',
		body: 'Please read: {{service}} asks for your sign-off of "{{title}}", a message to {{people}} people. Please decide by {{deadline}}, otherwise it is not sent.',
		examples: { service: 'Highways', title: 'Gritting tonight', people: '240', deadline: '17:30' },
		stoppable: false,
	});
	const button: TemplateComponent = { type: 'BUTTONS', buttons: [{ type: 'URL', text: 'Read and decide', url: signOffUrl, example: [signOffUrl.replace('{{1}}', 'example')] }] };
	return { ...seed, definition: { ...seed.definition, components: [...seed.definition.components, button] } };
}

function confirmationCode(): SeedTemplate {
	const components = readCodeComponents([
		{ type: 'BODY', add_security_recommendation: true },
		{ type: 'FOOTER', code_expiration_minutes: 10 },
		{ type: 'BUTTONS', buttons: [{ type: 'OTP', otp_type: 'COPY_CODE' }] },
	]);
	return approved({ name: 'civic_confirmation_code', language: 'en_GB', category: 'AUTHENTICATION', parameter_format: 'POSITIONAL', components, message_send_ttl_seconds: 600 });
}

function report(): SeedTemplate {
	return notice({
		name: 'civic_report',
		header: 'Report',
		body: 'This is the report on "{{title}}": {{summary}} The ledger holds the details.',
		examples: { title: 'Gritting tonight', summary: '240 people, 236 accepted, 228 delivered.' },
		stoppable: false,
	});
}

function bookingReminder(): SeedTemplate {
	return approved({
		name: 'appointment_reminder',
		language: 'en_GB',
		category: 'UTILITY',
		parameter_format: 'POSITIONAL',
		components: [
			{ type: 'BODY', text: 'Your appointment at {{1}} is on {{2}}. Please bring your letter with you.', example: { body_text: [['the Civic Centre', '3 March at 10:00']] } },
			{ type: 'FOOTER', text: footer },
		],
	});
}

/** Welsh is not among Meta's template languages, so Welsh text is registered under English (Great Britain). */
function welshGritting(): SeedTemplate {
	return notice({
		name: 'gritting_notice_cy',
		header: 'Graeanu heno',
		body: 'Rydym yn bwriadu graeanu’r ffyrdd hyn heno: {{routes}}. Bydd y gwaith yn dechrau am {{time}}. {{note}} Gyrrwch yn ofalus.',
		examples: { routes: 'Ffordd yr Harbwr', time: '18:00', note: 'Ni fydd palmentydd yn cael eu trin.' },
	});
}

const notices: readonly Notice[] = [
	{ name: 'gritting_paused_example', header: 'Gritting tonight', body: 'We plan to grit {{routes}} tonight. Please drive with care.', examples: { routes: 'Harbour Road' }, status: 'PAUSED' },
	{ name: 'gritting_rejected_example', header: 'Gritting', body: 'Grit! Win a prize by naming our gritter {{name}} today.', examples: { name: 'Gritty' }, status: 'REJECTED', rejected_reason: 'PROMOTIONAL' },
	{ name: 'gritting_disabled_example', header: 'Gritting', body: 'We gritted {{routes}} last night as planned.', examples: { routes: 'Mill Lane' }, status: 'DISABLED' },
	{ name: 'gritting_pending_example', header: 'Gritting', body: 'We are about to grit {{routes}} in your area.', examples: { routes: 'Mill Lane' }, status: 'PENDING' },
	{ name: 'summer_festival', header: 'Aldersea Festival', body: 'Join us at {{place}} this weekend for music and food on the quay.', examples: { place: 'the Old Harbour' }, category: 'MARKETING' },
	{ name: 'leisure_class_offer', header: 'Classes', body: 'Book a class at {{place}} this week and bring a friend for free.', examples: { place: 'the Lido' }, category: 'MARKETING' },
	{ name: 'gritting_correction', header: 'Correction', body: 'Our last message about gritting was wrong. The right information is: {{text}} We are sorry.', examples: { text: 'Mill Lane is not treated tonight.' } },
	{ name: 'flood_warning', header: 'Flood warning', body: 'A flood warning is in force for {{area}}. {{advice}} Call 999 if life is in danger.', examples: { area: 'Lower Quay', advice: 'Move valuables upstairs.' } },
	{ name: 'flood_all_clear', header: 'Flood warning ended', body: 'The flood warning for {{area}} has ended. Take care near water.', examples: { area: 'Lower Quay' } },
	{ name: 'missed_bin', header: 'Bin collection', body: 'We could not collect {{bins}} in your street today. We will come back on {{day}} from 7 am.', examples: { bins: 'recycling', day: 'Tuesday' } },
	{ name: 'bin_day_changed', header: 'Bin day changed', body: 'Your {{bins}} will be collected on {{day}} instead of the usual day.', examples: { bins: 'garden waste', day: 'Saturday' } },
	{ name: 'road_closed', header: 'Road closed', body: 'The road {{road}} is closed until {{time}} and a diversion is signed.', examples: { road: 'B1234 at Mill Bridge', time: '16:00' } },
	{ name: 'motorway_traffic', header: 'Traffic', body: 'There are delays on {{road}}: {{text}} Please plan your journey.', examples: { road: 'the M99', text: 'two lanes are closed.' } },
	{ name: 'school_closed', header: 'School closed', body: 'The school {{school}} is closed on {{day}}. It plans to open again the next day.', examples: { school: 'Quay Primary', day: 'Monday' } },
	{ name: 'severe_weather', header: 'Weather warning', body: 'A weather warning is in force: {{text}} Check the forecast before you travel.', examples: { text: 'strong wind from 15:00.' } },
	{ name: 'heat_health', header: 'Hot weather', body: 'Hot weather is expected {{when}}. Cool spaces are open at {{place}} all day.', examples: { when: 'from Friday', place: 'the Library' } },
	{ name: 'power_cut', header: 'Power cut', body: 'There is a power cut in {{area}}. Warm rooms are open at {{place}} tonight.', examples: { area: 'Northfield', place: 'the Civic Centre' } },
	{ name: 'water_outage', header: 'Water supply', body: 'The water supply in {{area}} is interrupted. Bottled water is at {{place}} now.', examples: { area: 'Northfield', place: 'the car park' } },
	{ name: 'consultation_opened', header: 'Have your say', body: 'A consultation about {{topic}} is open until {{day}} at the Civic Centre.', examples: { topic: 'the bus lanes', day: '1 May' }, category: 'MARKETING' },
	{ name: 'snap_poll', header: 'Quick question', body: 'We would like to ask you: {{question}} Reply with the number of your answer.', examples: { question: 'Should the library open on Sundays?' }, category: 'MARKETING' },
	{ name: 'report_received', header: 'Thank you', body: 'We received your report {{reference}} and will answer within {{days}} working days.', examples: { reference: 'R-1042', days: '5' } },
	{ name: 'report_resolved', header: 'Done', body: 'Your report {{reference}} is dealt with. Reply here if you see it differently.', examples: { reference: 'R-1042' } },
	{ name: 'youth_drop_in', header: 'Drop-in', body: 'The youth drop-in is open at {{place}} on {{day}} and everybody is welcome.', examples: { place: 'the Quay', day: 'Thursday' } },
	{ name: 'youth_check_in', header: 'How are you?', body: 'It is {{worker}} from youth support. Reply when you have a minute.', examples: { worker: 'Sam' } },
	{ name: 'subscription_confirmed', header: 'You are subscribed', body: 'You will get messages about {{topics}} from now on.', examples: { topics: 'gritting and floods' } },
	{ name: 'subscription_ended', header: 'You are unsubscribed', body: 'You will not get messages about {{topics}} any more.', examples: { topics: 'gritting' } },
	{ name: 'emergency_notice', header: 'Emergency', body: 'This is an emergency message for {{area}}: {{text}} Follow the advice of the emergency services.', examples: { area: 'Lower Quay', text: 'Leave the area by the north road.' } },
	{ name: 'emergency_stand_down', header: 'Emergency over', body: 'The emergency in {{area}} is over. Thank you for your help.', examples: { area: 'Lower Quay' } },
	{ name: 'test_message', header: 'Test', body: 'This is a test of the council’s messages. You need not do anything.', stoppable: false },
];

function notice({ name, header, body, examples = {}, status = 'APPROVED', category = 'UTILITY', rejected_reason, stoppable = true }: Notice): SeedTemplate {
	const params: NamedExample[] = Object.entries(examples).map(([param_name, example]) => ({ param_name, example }));
	const bodyComponent: BodyComponent = { type: 'BODY', text: body, ...(params.length > 0 && { example: { body_text_named_params: params } }) };
	const components: TemplateComponent[] = [{ type: 'HEADER', format: 'TEXT', text: header }, bodyComponent];
	if (stoppable) components.push({ type: 'FOOTER', text: footer }, { type: 'BUTTONS', buttons: [{ type: 'QUICK_REPLY', text: 'Stop these' }] });
	else components.push({ type: 'FOOTER', text: 'Aldersea Borough Council' });
	const definition: TemplateDefinition = {
		name,
		language: 'en_GB',
		category,
		parameter_format: 'NAMED',
		components,
		...(category === 'UTILITY' && { message_send_ttl_seconds: 14_400 }),
	};
	return { ...approved(definition), status, ...(rejected_reason && { rejected_reason }) };
}

function approved(definition: TemplateDefinition): SeedTemplate {
	return { status: 'APPROVED', definition, quality_score: { score: 'GREEN', date: 1_756_512_000 } };
}
