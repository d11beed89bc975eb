import type { Sandbox } from '../sandbox/sandbox';

/** What an approver's browser needs from the page behind the link. */
export interface SignOffPage {
	digest: string;
	people: number;
	html: string;
}

/** The sign-off links on somebody's phone, oldest first. */
export function linksOn(sandbox: Sandbox, phone: string): string[] {
	const thread = sandbox.residents.find(phone.slice(1))?.thread ?? [];
	return thread.flatMap(({ content }) => content.buttons.flatMap((button) => (button.kind === 'url' ? [button.url] : [])));
}

/** @throws Error when the page does not ask for a decision */
export async function readSignOffPage(link: string, signal?: AbortSignal): Promise<SignOffPage> {
	const answer = await fetch(link, signal ? { signal } : {});
	const html = await answer.text();
	const digest = /name="digest" value="([0-9a-f]{64})"/.exec(html)?.[1];
	const people = /name="understood" value="(\d+)"/.exec(html)?.[1];
	if (!answer.ok || digest === undefined || people === undefined) throw new Error(`The sign-off page answered ${answer.status} and is not what it should be.`);
	return { digest, people: Number(people), html };
}

/** Ticks the box and presses the button. @throws Error with the words of the page when the desk does not take it */
export async function sign(link: string, { digest, people }: Pick<SignOffPage, 'digest' | 'people'>, signal?: AbortSignal): Promise<void> {
	await post(link, { decision: 'approve', digest, understood: String(people) }, signal);
}

export async function reject(link: string, { digest }: Pick<SignOffPage, 'digest'>, reason: string, signal?: AbortSignal): Promise<void> {
	await post(link, { decision: 'reject', digest, reason }, signal);
}

async function post(link: string, fields: Record<string, string>, signal?: AbortSignal): Promise<void> {
	const answer = await fetch(link, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual', ...(signal && { signal }) });
	if (answer.status !== 303) throw new Error(`Deciding answered ${answer.status}: ${(await answer.text()).replace(/<style[^]*?<\/style>|<[^>]+>/g, ' ').replace(/\s+/g, ' ').slice(0, 300)}`);
}
