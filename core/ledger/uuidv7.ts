import { CivicError } from '../errors';
import type { Random } from '../world';

/**
 * A UUID of version 7 (RFC 9562 section 5.7): sorts by time of creation, to the millisecond. Within one millisecond order is chance.
 * @param now milliseconds since the Unix epoch
 * @throws CivicError `input.invalid` for a time before 1970 or that does not fit 48 bits
 */
export function uuidv7(now: number, random: Random): string {
	if (!Number.isInteger(now) || now < 0 || now >= 2 ** 48) {
		throw new CivicError('input.invalid', 'The time of an entry is not a usable one.', 'Check the clock of this machine.');
	}
	const bytes = Buffer.concat([Buffer.alloc(6), random.bytes(10)]);
	bytes.writeUIntBE(now, 0, 6);
	bytes.writeUInt8(0x70 | (bytes.readUInt8(6) & 0x0f), 6);
	bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8);
	return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
