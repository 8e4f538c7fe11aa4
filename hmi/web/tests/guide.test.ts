import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Moment } from '../src/gen/plinth/v1/plinth_pb';
import { ahead, courseOf, raisedCosine, tubeHalfWidth, type Course } from '../src/guide/guide';
import { prescription, session } from './states';

const course: Course = { bottomDeg: -56, topDeg: -9, tempo: { liftS: 2, holdS: 1, lowerS: 4, restS: 0.5 } };
const at = (points: { inS: number; targetDeg: number }[], inS: number): number =>
  points.find((point) => Math.abs(point.inS - inS) < 1e-6)!.targetDeg;

describe('the raised cosine', () => {
  it('starts and ends at rest, and is half way after half the time', () => {
    expect(raisedCosine(-56, -9, 0, 2)).toEqual({ deg: -56, degS: 0 });
    expect(raisedCosine(-56, -9, 0.5, 2).deg).toBeCloseTo(-32.5);
    expect(raisedCosine(-56, -9, 1, 2).deg).toBeCloseTo(-9);
    expect(raisedCosine(-56, -9, 1, 2).degS).toBeCloseTo(0);
  });
  it('has its peak speed of π·R/(2·D) in the middle', () => {
    expect(raisedCosine(-56, -9, 0.5, 2).degS).toBeCloseTo((Math.PI * 47) / 4);
  });
  it('goes down as it goes up', () => {
    expect(raisedCosine(-9, -56, 0.3, 4).deg).toBeCloseTo(-65 - raisedCosine(-56, -9, 0.3, 4).deg);
    expect(raisedCosine(-9, -56, 0.5, 4).degS).toBeLessThan(0);
  });
  it('stays at its ends outside its time', () => {
    expect(raisedCosine(-56, -9, -1, 2).deg).toBe(-56);
    expect(raisedCosine(-56, -9, 2, 2).deg).toBeCloseTo(-9);
  });
});

describe('the tube', () => {
  it('is ±4° at rest and a quarter of a second wider in movement', () => {
    expect(tubeHalfWidth(0)).toBe(4);
    expect(tubeHalfWidth(-20)).toBe(9);
  });
});

describe('the course', () => {
  it('turns 4° inside each end of the range in force', () => {
    const today = courseOf(session({ rangeLowDeg: -50, rangeHighDeg: -15 }), prescription())!;
    expect([today.bottomDeg, today.topDeg]).toEqual([-46, -19]);
  });
  it('takes the prescribed range when none is in force yet', () => {
    const state = session();
    delete state.rangeLowDeg;
    delete state.rangeHighDeg;
    const next = courseOf(state, prescription())!;
    expect([next.bottomDeg, next.topDeg]).toEqual([-56, -9]);
  });
  it('is unknown without a prescription', () => {
    expect(courseOf(session(), undefined)).toBeUndefined();
  });
});

// Two reps of the station itself (tests/hmi/guide), from below the range, from the turn, and from just under the top.
describe('the guide that is drawn', () => {
  const lines = readFileSync(new URL('../../../tests/hmi/guide/course.csv', import.meta.url), 'utf8').trim().split('\n').slice(1);
  const rows = lines.map((line) => line.split(',').map(Number) as [number, number, number, number]);
  const starts = [...new Set(rows.map(([from]) => from))];
  it.each(starts)('is the one that is scored, from %d°', (from) => {
    const rx = prescription({ rangeLowDeg: -60, rangeHighDeg: -5, liftS: 2, holdS: 1, lowerS: 4, restS: 0.5 });
    const state = session({ moment: Moment.RAMP_IN, momentLeftS: 0, rep: 0, reps: 2, targetDeg: from });
    const drawn = ahead(state, courseOf(state, rx)!, 30, 0.125);
    const scored = rows.filter(([start]) => start === from);
    expect(scored.length).toBeGreaterThan(80);
    for (const [, inS, targetDeg, halfWidthDeg] of scored) {
      const point = drawn.find((one) => Math.abs(one.inS - inS) < 1e-6)!;
      expect(point, `${inS} s`).toBeDefined();
      expect(point.targetDeg, `target at ${inS} s`).toBeCloseTo(targetDeg, 2);
      expect(point.halfWidthDeg, `tube at ${inS} s`).toBeCloseTo(halfWidthDeg, 2);
    }
  });
});

describe('the guide ahead', () => {
  it('goes on from where the moment is', () => {
    const points = ahead(session({ momentLeftS: 1, targetDeg: -32.5 }), course, 8, 0.1);
    expect(at(points, 0)).toBeCloseTo(-32.5);
    expect(at(points, 1)).toBeCloseTo(-9);
    expect(at(points, 1.5)).toBe(-9);
    expect(at(points, 4)).toBeCloseTo(-32.5);
    expect(at(points, 6.2)).toBe(-56);
  });
  it('runs on between two pictures', () => {
    const points = ahead(session({ momentLeftS: 1.1, targetDeg: raisedCosine(-56, -9, 0.45, 2).deg }), course, 1, 0.1, 0.1);
    expect(at(points, 0)).toBeCloseTo(-32.5);
  });
  it('waits at the bottom through the count-in, then lifts', () => {
    const points = ahead(session({ moment: Moment.RAMP_IN, momentLeftS: 3, rep: 0 }), course, 5, 0.1);
    expect(at(points, 0)).toBe(-56);
    expect(at(points, 2.9)).toBe(-56);
    expect(at(points, 4)).toBeCloseTo(-32.5);
  });
  it('ends with the last rep', () => {
    const points = ahead(session({ moment: Moment.LOWERING, rep: 10, momentLeftS: 2, momentLengthS: 4 }), course, 8, 0.1);
    expect(points.at(-1)!.inS).toBeLessThanOrEqual(2.5 + 1e-6);
  });
  it('shows one more rep before the last', () => {
    const points = ahead(session({ moment: Moment.LOWERING, rep: 9, momentLeftS: 1, momentLengthS: 4 }), course, 8, 0.1);
    expect(Math.max(...points.map(({ targetDeg }) => targetDeg))).toBeCloseTo(-9);
  });
  it('knows a tempo without a rest', () => {
    const noRest: Course = { ...course, tempo: { ...course.tempo, restS: 0 } };
    const points = ahead(session({ moment: Moment.LOWERING, momentLeftS: 1, momentLengthS: 4 }), noRest, 3, 0.1);
    expect(at(points, 2)).toBeCloseTo(-32.5);
    for (const { targetDeg, halfWidthDeg } of points) {
      expect(Number.isFinite(targetDeg)).toBe(true);
      expect(Number.isFinite(halfWidthDeg)).toBe(true);
    }
  });
  it('lets the first lift begin where the legs are, at the prescribed speed', () => {
    const counting = session({ moment: Moment.RAMP_IN, momentLeftS: 1, rep: 0, targetDeg: -66 });
    const longer = (2 * 57) / 47;
    const points = ahead(counting, course, 6, 0.05);
    expect(at(points, 0.5)).toBe(-66);
    expect(points.find(({ targetDeg }) => targetDeg > -9.001)!.inS).toBeCloseTo(1 + longer, 1);
    // And while it runs it is known from where the guide is.
    const half = session({ momentLengthS: longer, momentLeftS: longer / 2, targetDeg: (-66 - 9) / 2 });
    const [first, second] = ahead(half, course, 1, 0.01);
    expect(first!.targetDeg).toBeCloseTo(-37.5);
    expect((second!.targetDeg - first!.targetDeg) / 0.01).toBeCloseTo((Math.PI * 57) / (2 * longer), 0);
  });
  it('goes down from where a hold was given up', () => {
    const points = ahead(session({ moment: Moment.LOWERING, momentLengthS: 3, momentLeftS: 3, targetDeg: -20 }), course, 4, 0.1);
    expect(at(points, 0)).toBeCloseTo(-20);
    expect(at(points, 1.5)).toBeCloseTo(-38);
    expect(at(points, 3)).toBeCloseTo(-56);
  });
  it('is empty outside a set', () => {
    expect(ahead(session({ moment: Moment.IDLE }), course, 8, 0.1)).toEqual([]);
    expect(ahead(session({ moment: Moment.UNLOADING }), course, 8, 0.1)).toEqual([]);
  });
  it('is continuous: no step is faster than the peak speed', () => {
    const points = ahead(session(), course, 20, 0.05);
    for (let i = 1; i < points.length; i += 1) {
      expect(Math.abs(points[i]!.targetDeg - points[i - 1]!.targetDeg)).toBeLessThanOrEqual(((Math.PI * 47) / 4) * 0.05 + 1e-6);
    }
  });
});
