import { describe, expect, it } from 'vitest';
import { Freshness } from '../src/wire/freshness';

describe('the age of the picture', () => {
  it('greys after 400 ms and goes after one second', () => {
    const freshness = new Freshness();
    expect(freshness.liveness(0)).toBe('gone');
    freshness.received(5000, 100);
    expect(freshness.liveness(100)).toBe('live');
    expect(freshness.liveness(499)).toBe('live');
    expect(freshness.liveness(500)).toBe('grey');
    expect(freshness.liveness(1099)).toBe('grey');
    expect(freshness.liveness(1100)).toBe('gone');
  });
  it('counts the time that a picture waited in a buffer, though pictures keep coming', () => {
    const freshness = new Freshness();
    for (let t = 0; t < 1000; t += 40) freshness.received(t, t + 2);
    expect(freshness.liveness(1000)).toBe('live');
    // The connection stalls for 1.5 s, then delivers everything in a burst, and is that late from then on.
    for (let t = 1000; t < 2000; t += 40) freshness.received(t, t + 1502);
    expect(freshness.ageMs(3462 + 2)).toBeGreaterThan(1400);
    expect(freshness.liveness(3464)).toBe('gone');
  });
  it('is not fooled by clocks that drift apart', () => {
    const freshness = new Freshness();
    const drift = 1 + 100e-6; // 100 ppm, a bad quartz
    for (let t = 0; t < 3_600_000; t += 200) freshness.received(t, t * drift);
    expect(freshness.liveness(3_600_000 * drift)).toBe('live');
  });
  it('starts anew with a new connection', () => {
    const freshness = new Freshness();
    freshness.received(1_000_000, 0);
    freshness.forget();
    expect(freshness.liveness(10)).toBe('gone');
    freshness.received(50, 20); // the daemon was restarted: its clock began again
    expect(freshness.liveness(30)).toBe('live');
  });
  it('tells the station\'s time', () => {
    const freshness = new Freshness();
    freshness.received(5000, 100);
    expect(freshness.stationNowMs(130)).toBe(5030);
  });
});
