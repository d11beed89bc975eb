import { DateTime } from 'luxon';
import type { SandboxClock } from '../clock';
import { json } from '../http/json';
import type { TextAnswer } from '../http/listener';
import type { Journal } from '../journal';
import type { Knobs } from '../knobs';

export type FeedState = Knobs['feed'];

interface Variable {
	unit: string;
	/** Value at an hour of the day (0–23), for a night whose ground reaches `low` °C at 05:00. */
	at: (hour: number, low: number) => number;
}

/** Coldest at 05:00, warmest at 17:00. */
function swing(hour: number, low: number, amplitude: number): number {
	return low + amplitude * (1 - Math.cos((2 * Math.PI * (hour - 5)) / 24));
}

const ground: Variable = { unit: '°C', at: (hour, low) => swing(hour, low, 3.6) };

/** The variables that the sandbox's weather has; Open-Meteo has many more. */
const variables: Readonly<Record<string, Variable>> = {
	temperature_2m: { unit: '°C', at: (hour, low) => swing(hour, low + 1.6, 3) },
	surface_temperature: ground,
	// For the UK model Open-Meteo answers both names with the same field.
	soil_temperature_0cm: ground,
	dew_point_2m: { unit: '°C', at: (hour, low) => swing(hour, low - 0.5, 1.2) },
	relative_humidity_2m: { unit: '%', at: (hour) => Math.round(92 - 14 * (1 - Math.cos((2 * Math.PI * (hour - 5)) / 24))) },
	precipitation: { unit: 'mm', at: () => 0 },
	wind_speed_10m: { unit: 'km/h', at: (hour) => swing(hour, 6, 3) },
};

const coldLow = -2.4;
const mildLow = 4.1;
const defaultDays = 7;
const mostDays = 16;

/** Forecasts in Open-Meteo's shape, with nights as cold as the flow under test needs them. */
export class WeatherFeed {
	constructor(
		private readonly clock: SandboxClock,
		private readonly knobs: Knobs,
		private readonly journal: Journal,
	) {}

	/** `GET …/open-meteo/v1/forecast`, with `state` to choose an outcome. */
	forecast(queryText: string): TextAnswer {
		const query = new URLSearchParams(queryText);
		const answer = this.answer(query);
		this.journal.record({ kind: 'feed', method: 'GET', path: `open-meteo/v1/forecast?${queryText}`, status: answer.status });
		return answer;
	}

	private answer(query: URLSearchParams): TextAnswer {
		const state = query.get('state') ?? this.knobs.feed;
		if (!isState(state)) return refused(`Value of state is not one of ${states.join(', ')}.`);
		if (state === 'failed') return json({ error: true, reason: 'The service is temporarily unavailable.' }, 503);
		const [latitude, longitude] = [query.get('latitude'), query.get('longitude')].map(Number);
		if (!query.get('latitude') || !query.get('longitude') || !Number.isFinite(latitude) || !Number.isFinite(longitude)) return refused('Parameter latitude and longitude must be numbers.');
		const zone = query.get('timezone') ?? 'GMT';
		const start = DateTime.fromMillis(this.clock.now(), { zone: zone === 'auto' ? 'Europe/London' : zone }).startOf('day');
		if (!start.isValid) return refused(`Invalid timezone: ${zone}.`);
		const names = (query.getAll('hourly').join(',') || 'temperature_2m').split(',').map((name) => name.trim());
		const unknown = names.find((name) => !Object.hasOwn(variables, name));
		if (unknown !== undefined) return refused(`Data corrupted at path ''. Cannot initialize from invalid String value ${unknown}.`);
		const days = Number(query.get('forecast_days') ?? defaultDays);
		if (!Number.isInteger(days) || days < 1 || days > mostDays) return refused(`Forecast days is invalid. Allowed range 0 to ${mostDays}.`);
		return json({
			latitude,
			longitude,
			generationtime_ms: 0.1,
			utc_offset_seconds: start.offset * 60,
			timezone: start.zoneName,
			timezone_abbreviation: start.offsetNameShort,
			elevation: 12,
			hourly_units: Object.fromEntries([['time', 'iso8601'], ...names.map((name) => [name, variables[name]?.unit])]),
			hourly: hourly(state, start, days, names),
		});
	}
}

function hourly(state: FeedState, today: DateTime, days: number, names: readonly string[]): Record<string, unknown[]> {
	const first = state === 'stale' ? today.minus({ days: days + 2 }) : today;
	const hours = state === 'empty' ? [] : Array.from({ length: days * 24 }, (_, index) => ({ day: first.plus({ days: Math.floor(index / 24) }), hour: index % 24 }));
	const low = state === 'mild' ? mildLow : coldLow;
	return Object.fromEntries([
		['time', hours.map(({ day, hour }) => `${day.toFormat('yyyy-MM-dd')}T${String(hour).padStart(2, '0')}:00`)],
		...names.map((name): [string, number[]] => [name, hours.map(({ hour }) => Math.round((variables[name]?.at(hour, low) ?? 0) * 10) / 10)]),
	]);
}

const states: readonly string[] = ['cold', 'mild', 'empty', 'stale', 'failed'] satisfies FeedState[];

function isState(text: string): text is FeedState {
	return states.includes(text);
}

function refused(reason: string): TextAnswer {
	return json({ error: true, reason }, 400);
}
