import { describe, expect, it } from 'vitest';
import { placeOf, scaleOf, tubeEdges } from '../src/guide/tube';

const scale = scaleOf({ nowX: 270, pixelsPerSecond: 80, topY: 112, bottomY: 544, lowDeg: -60, highDeg: -5 });

describe('the scale', () => {
  it('puts now at the fixed line, the past to its left, and legs up is up', () => {
    expect(scale.xOf(0)).toBe(270);
    expect(scale.xOf(-1)).toBe(190);
    expect(scale.yOf(-5)).toBeCloseTo(112);
    expect(scale.yOf(-60)).toBeCloseTo(544);
    expect(scale.yOf(-30)).toBeLessThan(scale.yOf(-31));
  });
});

describe('the edges of the tube', () => {
  it('lie on both sides of the target', () => {
    const [edge] = tubeEdges([{ inS: 1, targetDeg: -30, halfWidthDeg: 10 }], scale, -60, -5);
    expect(edge!.x).toBe(350);
    expect(edge!.upperY).toBeCloseTo(scale.yOf(-20));
    expect(edge!.lowerY).toBeCloseTo(scale.yOf(-40));
  });
  it('never go beyond where the machine stops', () => {
    const edges = tubeEdges(
      [
        { inS: 0, targetDeg: -9, halfWidthDeg: 12 },
        { inS: 1, targetDeg: -56, halfWidthDeg: 12 },
      ],
      scale,
      -60,
      -5,
    );
    expect(edges[0]!.upperY).toBeCloseTo(112);
    expect(edges[1]!.lowerY).toBeCloseTo(544);
  });
});

describe('the edges of a tube that comes from below the range', () => {
  it('keep the target between them', () => {
    const [edge] = tubeEdges([{ inS: 0, targetDeg: -66, halfWidthDeg: 4 }], scale, -60, -5);
    expect(edge!.upperY).toBeLessThan(scale.yOf(-66));
    expect(edge!.lowerY).toBeGreaterThanOrEqual(scale.yOf(-66));
  });
});

describe('where the person is', () => {
  it('is on the path inside the tube, and told which way outside', () => {
    expect(placeOf(-30, -32, 4, 'on')).toBe('on');
    expect(placeOf(-40, -32, 4, 'on')).toBe('higher');
    expect(placeOf(-20, -32, 4, 'on')).toBe('lower');
  });
  it('does not flicker on the edge', () => {
    expect(placeOf(-36.3, -32, 4, 'on')).toBe('on');
    expect(placeOf(-36.3, -32, 4, 'higher')).toBe('higher');
    expect(placeOf(-35.9, -32, 4, 'higher')).toBe('on');
  });
});
