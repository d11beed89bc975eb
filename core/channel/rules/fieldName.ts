/** How the form of the credential calls what the rules call otherwise. */
const labels: Record<string, string> = {
	mode: 'Mode',
	people: 'People',
	services: 'Services',
	requesters: 'Requesters',
	topics: 'Topics',
	areas: 'Areas',
	approvers: 'Approvers',
	deputies: 'Deputies',
	delegations: 'Delegations',
	name: 'Name',
	email: 'Email',
	phone: 'Phone',
	role: 'Role',
	group: 'Group',
	standsFor: 'Stands In For',
	from: 'From',
	until: 'Until',
	signatures: 'Sign-Offs',
	signaturesNeeded: 'Sign-Offs Needed',
	stages: 'Stages',
	'extraSignatures.aboveReach': 'Extra Sign-Offs Above a Reach',
	'extraSignatures.topics': 'Extra Sign-Offs for Topics',
	'extraSignatures.inQuietHours': 'Extra Sign-Offs in Quiet Hours',
	decideWithinHours: 'Decide Within (Hours)',
	remindAfterHours: 'Remind After (Hours)',
	escalateAfterHours: 'Ask Deputies After (Hours)',
	confirmByCode: 'Confirm by Code',
	codeTemplate: 'Code Template',
	reach: 'Reach',
	'caps.messagesPerPersonPerWeek': 'Messages to One Person a Week',
	'caps.spendPerServicePerMonth': 'Spend of a Service a Month',
	'caps.emergencyTopics': 'Emergency Topics',
	'fastPath.templates': 'Fast Path Templates',
	'fastPath.people': 'Fast Path People',
	'fastPath.reach': 'Fast Path Reach',
	correctWithinHours: 'Correct Within (Hours)',
	'quietHours.from': 'Quiet Hours From',
	'quietHours.to': 'Quiet Hours To',
	quietHours: 'Quiet Hours',
	zone: 'Time Zone',
	messagesPerSecond: 'Messages per Second',
	signOffTemplate: 'Sign-Off Template',
	templateLanguage: 'Template Language',
	directMessages: 'Direct Messages',
	'directMessages.allow': 'Direct Messages',
	'directMessages.peoplePerHour': 'People an Hour',
	'directMessages.peoplePerContent': 'People for One Content',
	'directMessages.countReplies': 'Count Replies',
};

/** `'Approvers', row 2 › Email`, as the form shows it. */
export function fieldName(path: ReadonlyArray<string | number>): string {
	const [first = 'rules', second] = path;
	const joined = typeof second === 'string' ? labels[`${first}.${second}`] : undefined;
	const rest = path.slice(joined === undefined ? 1 : 2);
	const field = `'${joined ?? labels[first] ?? first}'`;
	return rest.reduce<string>((named, step) => (typeof step === 'number' ? `${named}, row ${step + 1}` : `${named} › ${labels[step] ?? step}`), field);
}
