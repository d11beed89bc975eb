import type { Sandbox } from '../../apps/sandbox/sandbox';

/** The newest code on somebody's phone, once it has got there. */
export async function codeOn(sandbox: Sandbox, phone: string): Promise<string> {
	await sandbox.idle();
	const messages = sandbox.residents.find(phone.replace('+', ''))?.thread ?? [];
	const code = messages.flatMap(({ content }) => content.buttons.flatMap((button) => (button.kind === 'copy_code' ? [button.code] : []))).at(-1);
	if (code === undefined) throw new Error(`no code on ${phone}`);
	return code;
}
