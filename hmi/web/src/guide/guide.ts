// The guide: where the legs should be, now and in the next seconds. The station sends where the guide *is*;
// the page draws where it will be, by the same formula: a raised cosine from one turning point to the other
// (no jerk at the ends), and level in between.
import { Moment, type Prescription, type SessionState } from '../gen/plinth/v1/plinth_pb';

// The guide turns this far inside each end of the range in force (controller/rehab/movement.hpp, TurnMargin).
export const TURN_MARGIN_DEG = 4;
// Half width of the tube: 4° + 0.25 s · |speed| (tube_half_width in the same file). tests/hmi/guide holds both sides
// to the same course.
const TUBE_DEG = 4;
const TUBE_S = 0.25;

export interface Tempo {
  liftS: number;
  holdS: number;
  lowerS: number;
  restS: number;
}

// Between which angles the guide moves, and how fast.
export interface Course {
  bottomDeg: number;
  topDeg: number;
  tempo: Tempo;
}

export interface GuidePoint {
  inS: number; // from now
  targetDeg: number;
  halfWidthDeg: number;
}

type Kind = 'lift' | 'hold' | 'lower' | 'rest';
const ORDER: readonly Kind[] = ['lift', 'hold', 'lower', 'rest'];

function seconds(tempo: Tempo, kind: Kind): number {
  return { lift: tempo.liftS, hold: tempo.holdS, lower: tempo.lowerS, rest: tempo.restS }[kind];
}

// Raised cosine from `from` to `to`: angle and speed after `part` (0 to 1) of `durationS`.
export function raisedCosine(from: number, to: number, part: number, durationS: number): { deg: number; degS: number } {
  const p = Math.min(1, Math.max(0, part));
  return {
    deg: from + ((to - from) * (1 - Math.cos(Math.PI * p))) / 2,
    degS: durationS > 0 ? ((to - from) * Math.PI * Math.sin(Math.PI * p)) / (2 * durationS) : 0,
  };
}

export function tubeHalfWidth(speedDegS: number): number {
  return TUBE_DEG + TUBE_S * Math.abs(speedDegS);
}

// The course of the set that runs or comes next. Nothing when the range is unknown.
export function courseOf(session: SessionState, prescription: Prescription | undefined): Course | undefined {
  const low = session.rangeLowDeg ?? prescription?.rangeLowDeg;
  const high = session.rangeHighDeg ?? prescription?.rangeHighDeg;
  if (low === undefined || high === undefined || !prescription) return undefined;
  return {
    bottomDeg: low + TURN_MARGIN_DEG,
    topDeg: high - TURN_MARGIN_DEG,
    tempo: {
      liftS: prescription.liftS ?? 0,
      holdS: prescription.holdS ?? 0,
      lowerS: prescription.lowerS ?? 0,
      restS: prescription.restS ?? 0,
    },
  };
}

const KIND_OF: Partial<Record<Moment, Kind>> = {
  [Moment.RAMP_IN]: 'rest', // the count-in: the legs wait where they are, a lift comes next
  [Moment.LIFTING]: 'lift',
  [Moment.HOLDING]: 'hold',
  [Moment.LOWERING]: 'lower',
  [Moment.RESTING]: 'rest',
};

// One moment of the guide; level when `from` is `to`.
interface Segment {
  startS: number; // from now; negative when it has begun
  lengthS: number;
  from: number;
  to: number;
}

// Where a movement that is at `angle` after `part` of its way to `to` must have begun. Near its end that
// cannot be told any more, and does not matter.
function beginOf(angle: number, to: number, part: number): number {
  const left = (1 + Math.cos(Math.PI * Math.min(1, Math.max(0, part)))) / 2;
  return left < 0.02 ? angle : to + (angle - to) / left;
}

// A longer way than from turn to turn takes longer in proportion, and no movement is quicker than half a
// second (controller/session/tempo_guide.cpp).
function strokeS(planned: number, from: number, to: number, course: Course): number {
  const way = course.topDeg - course.bottomDeg;
  return way > 0 ? Math.max(0.5, (planned * Math.abs(to - from)) / way) : planned;
}

// The moments from now to the end of the set. The one that runs is taken from the guide as the station sent
// it: the first lift of a set begins where the legs are, a lowering after a sag where it was given up.
// `sinceS` is how long ago the session's state was true.
function* segments(session: SessionState, course: Course, sinceS: number): Generator<Segment> {
  let kind = KIND_OF[session.moment];
  if (kind === undefined) return;
  const counting = session.moment === Moment.RAMP_IN;
  const { bottomDeg, topDeg, tempo } = course;
  const here = session.targetDeg ?? (kind === 'hold' ? topDeg : bottomDeg);
  let lengthS = counting ? session.momentLeftS : session.momentLengthS || seconds(tempo, kind);
  let startS = session.momentLeftS - lengthS - sinceS;
  const to = kind === 'lift' ? topDeg : kind === 'lower' ? Math.min(bottomDeg, here) : here;
  const part = lengthS > 0 ? 1 - session.momentLeftS / lengthS : 1;
  let segment: Segment = { startS, lengthS, from: to === here ? here : beginOf(here, to, part), to };
  let repsToCome = counting ? session.reps : session.reps - session.rep;
  for (;;) {
    yield segment;
    startS += lengthS;
    kind = ORDER[(ORDER.indexOf(kind) + 1) % ORDER.length]!;
    if (kind === 'lift' && repsToCome-- <= 0) return;
    const from = segment.to;
    const next = kind === 'lift' ? topDeg : kind === 'lower' ? bottomDeg : from;
    lengthS = from === next ? seconds(tempo, kind) : strokeS(seconds(tempo, kind), from, next, course);
    segment = { startS, lengthS, from, to: next };
  }
}

// The guide of the next `horizonS` seconds, every `stepS`; it ends with the last rep of the set, and is empty
// outside a set.
export function ahead(session: SessionState, course: Course, horizonS: number, stepS: number, sinceS = 0): GuidePoint[] {
  const points: GuidePoint[] = [];
  let inS = 0;
  for (const { startS, lengthS, from, to } of segments(session, course, sinceS)) {
    for (; inS <= Math.min(horizonS, startS + lengthS); inS += stepS) {
      const { deg, degS } = raisedCosine(from, to, lengthS > 0 ? (inS - startS) / lengthS : 1, lengthS);
      points.push({ inS, targetDeg: deg, halfWidthDeg: tubeHalfWidth(degS) });
    }
    if (inS > horizonS) break;
  }
  return points;
}
