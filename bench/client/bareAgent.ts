import { Agent, request } from 'node:https';
import { graphBody, messageIdIn } from './message';
import { runSender, type Send, type Target } from './sender';

/** The least that sends a message and reads its id: Node's own `https` over a pooled agent, nothing checked but the id. */
function bareAgent({ url, phoneNumberId, accessToken }: Target): Send {
	const { hostname, port } = new URL(url);
	const options = {
		agent: new Agent({ keepAlive: true, maxSockets: 128 }),
		method: 'POST',
		hostname,
		port,
		path: `/v25.0/${phoneNumberId}/messages`,
		headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
	};
	return (nth) =>
		new Promise((resolve, reject) => {
			const call = request(options, (incoming) => {
				let text = '';
				incoming.setEncoding('utf8');
				incoming.on('data', (part: string) => (text += part));
				incoming.on('end', () => resolve(messageIdIn(JSON.parse(text))));
			});
			call.on('error', reject);
			call.end(JSON.stringify(graphBody(nth)));
		});
}

runSender(bareAgent);
