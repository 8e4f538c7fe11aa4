// The last seconds, for the curves.
import type { Telemetry } from '../gen/plinth/v1/plinth_pb';

export const KEPT_MS = 24_000;

export interface Point {
  atMs: number;
  angleDeg: number | undefined;
  targetDeg: number | undefined;
  halfWidthDeg: number;
  lowDeg: number | undefined; // the range in force
  highDeg: number | undefined;
  leftN: number | undefined;
  rightN: number | undefined;
}

export function pointOf(picture: Telemetry): Point {
  const { arm, load, session } = picture;
  return {
    atMs: Number(picture.atMs),
    angleDeg: arm?.angleDeg,
    targetDeg: session?.targetDeg,
    halfWidthDeg: session?.toleranceDeg ?? 0,
    lowDeg: session?.rangeLowDeg,
    highDeg: session?.rangeHighDeg,
    leftN: load?.leftN,
    rightN: load?.rightN,
  };
}

export class History {
  private kept: Point[] = [];

  // Pictures that are not newer than the last are left out.
  add(picture: Telemetry): void {
    const point = pointOf(picture);
    const last = this.kept.at(-1);
    if (last && point.atMs <= last.atMs) return;
    this.kept.push(point);
    const oldest = point.atMs - KEPT_MS;
    if ((this.kept[0]?.atMs ?? oldest) < oldest - 1000) {
      this.kept = this.kept.filter(({ atMs }) => atMs >= oldest);
    }
  }

  since(atMs: number): Point[] {
    const first = this.kept.findIndex((point) => point.atMs >= atMs);
    return first < 0 ? [] : this.kept.slice(Math.max(0, first - 1));
  }

  clear(): void {
    this.kept = [];
  }
}
