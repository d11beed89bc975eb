/**
 * Decodes base64 (RFC 4648 section 4, with padding) and takes exactly one spelling of every value.
 *
 * Node's own decoder ignores padding, stray characters and trailing bits. In evidence that would let somebody change
 * bytes of a file without any check noticing, so what does not encode back to itself is refused.
 *
 * @returns the bytes, or undefined when `text` is not canonical base64
 */
export function decodeBase64(text: string): Buffer | undefined {
	const bytes = Buffer.from(text, 'base64');
	return bytes.toString('base64') === text ? bytes : undefined;
}
