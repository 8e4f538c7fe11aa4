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
  it('is red when the machine acted by itself or only service may clear it', () => {
    expect(urgency({ cause: 'drive_fault', action: 'drive_stop', latch: 'therapist' })).toBe('high');
    expect(urgency({ cause: 'stop_unverified', action: 'torque_off', latch: 'service' })).toBe('high');
    expect(urgency({ cause: 'drive_ignores', action: 'release', latch: 'service' })).toBe('high');
  });
  it('is yellow after a stop in good order', () => {
    expect(urgency({ cause: 'console_stop', action: 'release', latch: 'patient' })).toBe('medium');
    expect(urgency({ cause: 'strap_frozen', action: 'release', latch: 'therapist' })).toBe('medium');
  });
  it('only tells what lifts by itself', () => {
    expect(urgency({ cause: 'no_prescription', action: 'release', latch: 'none' })).toBe('low');
    expect(urgency({ cause: 'range_approach', action: 'limit', latch: 'none' })).toBe('low');
  });
  it('only tells after a start', () => {
    expect(urgency({ cause: 'boot', action: 'drive_stop', latch: 'therapist' })).toBe('low');
  });
});

describe('the arc', () => {
  it('draws lifting upwards', () => {
    const [start] = sectorPath(-60, 0, 10, 20).slice(1).split(' A');
    const startY = Number(start!.split(' ')[1]);
    expect(startY).toBeGreaterThan(118); // below the hip
  });
});
