import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../../apps/sandbox/sandbox';

let sandbox: Sandbox;
const now = Date.UTC(2026, 0, 5, 15, 20);
beforeAll(async () => {
	sandbox = await startSandbox({ clock: { now: () => now } });
});
afterAll(() => sandbox.stop());

interface Forecast {
	hourly_units: Record<string, string>;
	hourly: { time: string[] } & Record<string, number[]>;
}

async function forecast(query: string): Promise<{ status: number; body: Forecast & { error?: boolean; reason?: string } }> {
	const response = await fetch(`${sandbox.feeds}/open-meteo/v1/forecast?latitude=53.2&longitude=-0.1&timezone=Europe/London&${query}`);
	return { status: response.status, body: (await response.json()) as Forecast };
}

const cold = 'hourly=temperature_2m,surface_temperature,dew_point_2m,precipitation&forecast_days=2';

it('forecasts −2.4 °C on the ground at 05:00, today and tomorrow, with units', async () => {
	const { status, body } = await forecast(cold);
	const ground = body.hourly.surface_temperature ?? [];
	expect(status).toBe(200);
	expect(body.hourly_units).toEqual({ time: 'iso8601', temperature_2m: '°C', surface_temperature: '°C', dew_point_2m: '°C', precipitation: 'mm' });
	expect(body.hourly.time).toHaveLength(48);
	expect([body.hourly.time[0], body.hourly.time[29]]).toEqual(['2026-01-05T00:00', '2026-01-06T05:00']);
	expect([Math.min(...ground), ground[5], ground[29]]).toEqual([-2.4, -2.4, -2.4]);
	expect(body.hourly.precipitation).toEqual(Array.from({ length: 48 }, () => 0));
});

it('tells the other outcomes when asked', async () => {
	expect(Math.min(...((await forecast(`${cold}&state=mild`)).body.hourly.surface_temperature ?? []))).toBeGreaterThan(0);
	expect((await forecast(`${cold}&state=empty`)).body.hourly.surface_temperature).toEqual([]);
	expect((await forecast(`${cold}&state=stale`)).body.hourly.time.at(-1)).toBe('2026-01-02T23:00');
	expect(await forecast(`${cold}&state=failed`)).toMatchObject({ status: 503, body: { error: true } });
});

it('tells the outcome of the knob when the address does not say', async () => {
	sandbox.knobs.feed = 'mild';
	const { body } = await forecast(cold);
	sandbox.knobs.feed = 'cold';
	expect(Math.min(...(body.hourly.surface_temperature ?? []))).toBeGreaterThan(0);
});

it.each(['hourly=unicorns', 'hourly=constructor', 'forecast_days=99', 'state=odd', 'timezone=Mars/Base&hourly=temperature_2m'])('refuses %s as Open-Meteo does', async (query) => {
	const response = await fetch(`${sandbox.feeds}/open-meteo/v1/forecast?latitude=53&longitude=0&${query}`);
	expect([response.status, ((await response.json()) as { error: boolean }).error]).toEqual([400, true]);
});

it('refuses a place that is none', async () => {
	expect((await fetch(`${sandbox.feeds}/open-meteo/v1/forecast?hourly=temperature_2m`)).status).toBe(400);
});
