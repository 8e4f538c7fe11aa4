import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { SafetySchema } from '../src/gen/plinth/v1/plinth_pb';
import { urgencyOf } from '../src/console/alarm';
import { sectorPath } from '../src/console/range_arc';
import { History, KEPT_MS } from '../src/wire/history';
import { pauseBefore } from '../src/wire/link';
import { picture } from './states';

describe('coming back', () => {
  it('waits longer each time, but never long', () => {
    expect(pauseBefore(0, 0)).toBe(250);
    expect(pauseBefore(1, 0)).toBe(500);
    expect(pauseBefore(20, 0.999)).toBeLessThanOrEqual(5000);
  });
});

describe('the history', () => {
  it('keeps the last seconds and no more', () => {
    const history = new History();
    for (let t = 0; t < 100_000; t += 40) history.add(picture(t, -30));
    const kept = history.since(0);
    expect(kept.at(-1)!.atMs).toBe(99_960);
    expect(kept[0]!.atMs).toBeGreaterThan(99_960 - KEPT_MS - 2000);
    expect(kept.length).toBeLessThan(700);
  });
  it('takes no picture twice and none that is older', () => {
    const history = new History();
    for (const t of [10, 10, 5, 20]) history.add(picture(t));
    expect(history.since(0).map(({ atMs }) => atMs)).toEqual([10, 20]);
  });
  it('keeps an unknown angle unknown', () => {
    const history = new History();
    history.add(picture(10));
    expect(history.since(0)[0]!.angleDeg).toBeUndefined();
  });
});

describe('the banner', () => {
  const urgency = (values: Record<string, unknown>) => urgencyOf(create(SafetySchema, values));
  it('is silent when nothing is the matter', () => {
    expect(urgency({ cause: '', action: 'allow' })).toBeUndefined();
  });
  it('is red when the load was not seen to go, or the machine acted by itself', () => {
    expect(urgency({ cause: 'console_stop', action: 'release', latch: 'therapist', released: false })).toBe('high');
    expect(urgency({ cause: 'drive_fault', action: 'drive_stop', latch: 'service', released: true })).toBe('high');
  });
  it('is yellow after a stop in good order', () => {
    expect(urgency({ cause: 'console_stop', action: 'release', latch: 'therapist', released: true })).toBe('medium');
  });
  it('only tells after a start', () => {
    expect(urgency({ cause: 'boot', action: 'release', latch: 'therapist', released: true })).toBe('low');
  });
});

describe('the arc', () => {
  it('draws lifting upwards', () => {
    const [start] = sectorPath(-60, 0, 10, 20).slice(1).split(' A');
    const startY = Number(start!.split(' ')[1]);
    expect(startY).toBeGreaterThan(118); // below the hip
  });
});
