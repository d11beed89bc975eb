import type { Owner } from './n8nRest';

/** n8n ties a session to the browser that began it. */
const browser = { 'browser-id': 'civic-comms' };

/**
 * Opens a form whose authentication is "n8n User Auth" as a person does: signs in to n8n, and allows the form to know who it is.
 * @returns the token that the page sends along with the submission; null when the form asks nobody to sign in
 */
export async function signInToForm(address: string, { email, password }: Pick<Owner, 'email' | 'password'>, signal: AbortSignal): Promise<string | null> {
	const visitor = new Visitor(new URL(address).origin, signal);
	const login = await visitor.post('/rest/login', { emailOrLdapLoginId: email, password });
	if (!login.ok) throw new Error(`n8n did not let ${email} in: it answered ${login.status}.`);
	let answer = await visitor.get(address);
	for (let hops = 0; hops < 8; hops++) {
		const to = answer.headers.get('location');
		if (to === null) break;
		answer = await visitor.get(to.startsWith('/oauth/consent') ? await allow(visitor) : to);
	}
	if (!answer.ok) throw new Error(`The form ${address} did not open: it answered ${answer.status}.`);
	return /const authToken = '([^']+)'/.exec(await answer.text())?.[1] ?? null;
}

/** What "Allow" on n8n's page does; n8n leaves the page out for somebody who allowed the same form before. */
async function allow(visitor: Visitor): Promise<string> {
	const asked = (await (await visitor.get('/rest/consent/details')).json()) as { data?: { redirectUrl?: string; scopes?: string[] } };
	if (asked.data?.redirectUrl !== undefined) return asked.data.redirectUrl;
	const allowed = (await (await visitor.post('/rest/consent/approve', { approved: true, scopes: asked.data?.scopes ?? [] })).json()) as { data?: { redirectUrl?: string } };
	if (allowed.data?.redirectUrl === undefined) throw new Error(`n8n did not let the form know who it is: ${JSON.stringify(allowed)}`);
	return allowed.data.redirectUrl;
}

/** A browser as far as cookies go. */
class Visitor {
	private readonly cookies = new Map<string, string>();

	constructor(
		private readonly origin: string,
		private readonly signal: AbortSignal,
	) {}

	get(address: string): Promise<Response> {
		return this.call(address, {});
	}

	post(address: string, body: unknown): Promise<Response> {
		return this.call(address, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
	}

	private async call(address: string, options: { method?: string; headers?: Record<string, string>; body?: string }): Promise<Response> {
		const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
		const headers = { ...browser, ...options.headers, cookie };
		const answer = await fetch(new URL(address, this.origin), { ...options, headers, redirect: 'manual', signal: this.signal });
		for (const set of answer.headers.getSetCookie()) {
			const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
			if (value === '') this.cookies.delete(name);
			else this.cookies.set(name, value);
		}
		return answer;
	}
}
