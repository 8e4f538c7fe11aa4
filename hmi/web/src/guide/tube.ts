// The tube on the screen: from angles and seconds to pixels.

export interface Scale {
  xOf(inS: number): number; // seconds from now, negative is past
  yOf(deg: number): number;
}

export interface Frame {
  nowX: number;
  pixelsPerSecond: number;
  // The range in force lies between these two heights.
  topY: number;
  bottomY: number;
  lowDeg: number;
  highDeg: number;
}

export function scaleOf(frame: Frame): Scale {
  const perDeg = (frame.bottomY - frame.topY) / (frame.highDeg - frame.lowDeg);
  return {
    xOf: (inS) => frame.nowX + inS * frame.pixelsPerSecond,
    yOf: (deg) => frame.bottomY - (deg - frame.lowDeg) * perDeg,
  };
}

export interface TubePoint {
  inS: number;
  targetDeg: number;
  halfWidthDeg: number;
}

export interface Edge {
  x: number;
  upperY: number;
  lowerY: number;
}

// The two edges of the tube. It never reaches beyond the range, where the machine stops whatever the guide; only
// the first lift of a set may come from below it.
export function tubeEdges(points: readonly TubePoint[], scale: Scale, lowDeg: number, highDeg: number): Edge[] {
  return points.map(({ inS, targetDeg, halfWidthDeg }) => ({
    x: scale.xOf(inS),
    upperY: scale.yOf(Math.min(highDeg, targetDeg + halfWidthDeg)),
    lowerY: scale.yOf(Math.max(Math.min(lowDeg, targetDeg), targetDeg - halfWidthDeg)),
  }));
}

// Where the person is against the guide. `higher` asks to go up.
export type Place = 'on' | 'higher' | 'lower';

// A person on the very edge of the tube must not see the dot flicker.
const HYSTERESIS_DEG = 0.5;

export function placeOf(angleDeg: number, targetDeg: number, halfWidthDeg: number, before: Place): Place {
  const allowed = before === 'on' ? halfWidthDeg + HYSTERESIS_DEG : halfWidthDeg;
  if (Math.abs(angleDeg - targetDeg) <= allowed) return 'on';
  return angleDeg < targetDeg ? 'higher' : 'lower';
}
