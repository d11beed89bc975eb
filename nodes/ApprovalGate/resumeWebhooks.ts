import type { IWebhookDescription } from 'n8n-workflow';

const resume = {
	name: 'default',
	path: '={{ $nodeId }}',
	restartWebhook: true,
	isFullPath: true,
	responseMode: 'onReceived',
	// Without it n8n answers with a placeholder text instead of what the node returns.
	responseData: '',
} as const;

/** Where the desk wakes the waiting execution. Pages for people are the desk's; this address decides nothing. */
export const resumeWebhooks: IWebhookDescription[] = [
	{ ...resume, httpMethod: 'POST' },
	{ ...resume, httpMethod: 'GET' },
];
