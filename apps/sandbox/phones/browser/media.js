import { drawing, element } from './dom.js';

const names = { image: 'Picture', video: 'Video', document: 'Document', audio: 'Sound', sticker: 'Sticker' };

/** A medium that the sandbox holds is shown; one that lies elsewhere is named, since this page loads nothing from outside. */
export function mediaPart(media, { interactive, play }) {
	const { kind, src, link, filename, mime, voice, caption } = media;
	const name = voice ? 'Voice message' : (names[kind] ?? kind);
	if (src && (kind === 'image' || kind === 'sticker')) return element('img', { className: `picture ${kind}`, src, alt: caption ? `${name}: ${caption}` : `${name} without a description`, loading: 'lazy' });
	if (src && interactive && kind === 'video') return element('video', { className: 'picture', src, controls: true, preload: 'metadata', 'aria-label': name });
	if (src && interactive && kind === 'audio') {
		const player = element('audio', { className: 'sound', src, controls: true, preload: 'none', 'aria-label': name, ...(voice && play && { onplay: play }) });
		return element('div', {}, element('p', { className: 'sound-label', 'aria-hidden': 'true' }, name), player);
	}
	const label = element('span', { className: 'file-name' }, filename ?? name);
	const detail = element('small', {}, link ? `at ${hostOf(link)}, not loaded here` : `${name}${mime ? `, ${mime}` : ''}`);
	const inside = [drawing('0 0 24 24', 'M6 2h8l5 5v15H6zM14 2v5h5M9 12h7M9 15h7M9 18h5'), element('span', { className: 'file-words' }, label, detail)];
	if (src && interactive && kind === 'document') return element('a', { className: 'file', href: src, download: filename ?? 'document', 'data-key': 'file' }, ...inside);
	return element('span', { className: 'file' }, ...inside);
}

export function locationPart({ latitude, longitude, name, address }) {
	const point = `${Math.abs(latitude).toFixed(4)}° ${latitude < 0 ? 'S' : 'N'}, ${Math.abs(longitude).toFixed(4)}° ${longitude < 0 ? 'W' : 'E'}`;
	return element(
		'span',
		{ className: 'place' },
		element('span', { className: 'map' }, drawing('0 0 24 24', 'M12 22s7-7.2 7-12.5A7 7 0 0 0 5 9.5C5 14.8 12 22 12 22zM12 7a2.6 2.6 0 1 0 .01 0')),
		element('span', { className: 'file-words' }, element('span', { className: 'file-name' }, name ?? 'Location'), name && address ? element('small', {}, address) : '', element('small', {}, point)),
	);
}

export function contactPart({ name, organisation, phones, emails }) {
	const details = [organisation, ...phones.map(({ phone }) => phone), ...emails].filter(Boolean);
	return element('span', { className: 'file' }, drawing('0 0 24 24', 'M12 12a4 4 0 1 0-.01 0M4 21c0-4 4-6 8-6s8 2 8 6'), element('span', { className: 'file-words' }, element('span', { className: 'file-name' }, name), ...details.map((detail) => element('small', {}, detail))));
}

function hostOf(link) {
	return URL.canParse(link) ? new URL(link).host : link;
}
