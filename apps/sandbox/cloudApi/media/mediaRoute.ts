import { json } from '../../http/json';
import type { TextAnswer } from '../../http/listener';
import type { BusinessAccount, BusinessNumber } from '../account';
import type { GraphCall, GraphRoute } from '../cloudApi';
import { GraphError, notAnObjectId, parameterRequired } from '../graphError';
import { baseAddress, type MediaAddresses } from './mediaAddresses';
import type { MediaStore } from './mediaStore';
import { takeUpload } from './uploads';

/** `POST /{phone-number-id}/media`, and `GET` and `DELETE` of a medium (Meta, "Media"). */
export function mediaRoute(account: BusinessAccount, store: MediaStore, addresses: MediaAddresses): GraphRoute {
	return (call) => {
		const number = call.edge === 'media' && call.method === 'POST' ? account.number(call.id) : undefined;
		if (number) return upload(call, number, store);
		const media = call.edge === '' ? store.find(call.id) : undefined;
		if (!media || (call.method !== 'GET' && call.method !== 'DELETE')) return undefined;
		const named = call.query.get('phone_number_id');
		if (named !== null && named !== media.numberId) throw notAnObjectId('phone_number_id', 'whatsapp business phone number id');
		if (call.method === 'DELETE') {
			store.delete(media.id);
			return json({ success: true });
		}
		return json({
			messaging_product: 'whatsapp',
			url: addresses.addressOf(media, baseAddress(new URL(call.address).host)),
			mime_type: media.mime,
			sha256: media.sha256,
			file_size: String(media.size),
			id: media.id,
		});
	};
}

async function upload({ upload: body, contentType, query }: GraphCall, number: BusinessNumber, store: MediaStore): Promise<TextAnswer> {
	if (!body) throw parameterRequired('file');
	const media = await takeUpload(body, contentType, number.id, store, (fields) => {
		const product = fields.messaging_product ?? query.get('messaging_product');
		if (!product) throw parameterRequired('messaging_product');
		if (product.toLowerCase() !== 'whatsapp') throw new GraphError(100, undefined, { message: '(#100) Param messaging_product must be one of {WHATSAPP}' });
	});
	return json({ id: media.id });
}
