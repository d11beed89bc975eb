/** “Thu, 24 Dec 2026, 18:00” in the zone of the channel. @param zone IANA name; every date names its zone */
export function momentInWords(moment: number | string, zone: string): string {
	return new Intl.DateTimeFormat('en-GB', { timeZone: zone, weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' }).format(new Date(moment));
}
