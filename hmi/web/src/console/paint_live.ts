// The console's two curves over the last twenty seconds.
import type { Point } from '../wire/history';
import { FONT, LOOK } from '../guide/look';

export const SHOWN_S = 20;


type Place = (point: Point) => number | undefined;

interface Line {
  value: Place;
  colour: string;
  dash: number[];
  width: number;
}

interface Axes {
  left: number;
  right: number;
  top: number;
  bottom: number;
  low: number;
  high: number;
  step: number;
  unit: string;
}

const LABEL_PX = 22;

function xOf(axes: Axes, atMs: number, nowMs: number): number {
  return axes.right - ((nowMs - atMs) / 1000 / SHOWN_S) * (axes.right - axes.left);
}

function yOf(axes: Axes, value: number): number {
  const inside = Math.min(axes.high, Math.max(axes.low, value));
  return axes.bottom - ((inside - axes.low) / (axes.high - axes.low)) * (axes.bottom - axes.top);
}

function paintAxes(context: CanvasRenderingContext2D, axes: Axes): void {
  context.font = `${LABEL_PX}px ${FONT}`;
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  context.lineWidth = 1;
  let freeBelow = Infinity; // a low chart has no room for the number of every line
  for (let value = Math.ceil(axes.low / axes.step) * axes.step; value <= axes.high + 1e-6; value += axes.step) {
    const y = Math.round(yOf(axes, value)) + 0.5;
    context.strokeStyle = LOOK.hairline;
    context.beginPath();
    context.moveTo(axes.left, y);
    context.lineTo(axes.right, y);
    context.stroke();
    if (freeBelow - y < LABEL_PX) continue;
    freeBelow = y;
    context.fillStyle = LOOK.muted;
    context.fillText(`${value < 0 ? '\u2212' : ''}${Math.abs(value)}${axes.unit}`, axes.left - 10, y);
  }
}

function paintLine(context: CanvasRenderingContext2D, points: readonly Point[], axes: Axes, nowMs: number, line: Line): void {
  context.beginPath();
  let drawing = false;
  for (const point of points) {
    const value = line.value(point);
    if (value === undefined) {
      drawing = false;
      continue;
    }
    const x = xOf(axes, point.atMs, nowMs);
    const y = yOf(axes, value);
    if (drawing) context.lineTo(x, y);
    else context.moveTo(x, y);
    drawing = true;
  }
  context.strokeStyle = line.colour;
  context.lineWidth = line.width;
  context.lineJoin = 'round';
  context.setLineDash(line.dash);
  context.stroke();
  context.setLineDash([]);
}

// Each stretch in which there was a target is one piece of band.
function paintBand(context: CanvasRenderingContext2D, points: readonly Point[], axes: Axes, nowMs: number, stale: boolean): void {
  let piece: { x: number; upper: number; lower: number }[] = [];
  const flush = (): void => {
    if (piece.length > 1) {
      context.beginPath();
      piece.forEach(({ x, upper }, index) => (index === 0 ? context.moveTo(x, upper) : context.lineTo(x, upper)));
      for (const { x, lower } of [...piece].reverse()) context.lineTo(x, lower);
      context.closePath();
      context.fillStyle = stale ? LOOK.hairline : LOOK.bandFill;
      context.fill();
      context.strokeStyle = stale ? LOOK.stale : LOOK.bandEdge;
      context.lineWidth = 2;
      context.stroke();
    }
    piece = [];
  };
  for (const { atMs, targetDeg, halfWidthDeg, lowDeg, highDeg } of points) {
    if (targetDeg === undefined) {
      flush();
      continue;
    }
    piece.push({
      x: xOf(axes, atMs, nowMs),
      upper: yOf(axes, Math.min(highDeg ?? Infinity, targetDeg + halfWidthDeg)),
      lower: yOf(axes, Math.max(Math.min(lowDeg ?? -Infinity, targetDeg), targetDeg - halfWidthDeg)),
    });
  }
  flush();
}

function clipped(context: CanvasRenderingContext2D, axes: Axes, paint: () => void): void {
  context.save();
  context.beginPath();
  context.rect(axes.left, axes.top - 4, axes.right - axes.left, axes.bottom - axes.top + 8);
  context.clip();
  paint();
  context.restore();
}

export function paintAngles(
  context: CanvasRenderingContext2D,
  size: { widthPx: number; heightPx: number },
  points: readonly Point[],
  nowMs: number,
  range: { lowDeg: number; highDeg: number },
  stale: boolean,
): void {
  const axes: Axes = {
    left: 64,
    right: size.widthPx - 2,
    top: 14,
    bottom: size.heightPx - 14,
    low: range.lowDeg - 12,
    high: range.highDeg + 6,
    step: 20,
    unit: '°',
  };
  context.clearRect(0, 0, size.widthPx, size.heightPx);
  paintAxes(context, axes);
  clipped(context, axes, () => {
    paintBand(context, points, axes, nowMs, stale);
    context.strokeStyle = LOOK.text;
    context.lineWidth = 2;
    context.setLineDash([10, 8]);
    for (const deg of [range.lowDeg, range.highDeg]) {
      const y = yOf(axes, deg);
      context.beginPath();
      context.moveTo(axes.left, y);
      context.lineTo(axes.right, y);
      context.stroke();
    }
    context.setLineDash([]);
    paintLine(context, points, axes, nowMs, {
      value: ({ angleDeg }) => angleDeg,
      colour: stale ? LOOK.stale : LOOK.text,
      dash: [],
      width: 4,
    });
  });
}

// A round step that gives about three lines.
function stepFor(high: number): number {
  return [10, 20, 25, 50, 100, 200].find((step) => high / step <= 4) ?? 400;
}

export function paintStraps(
  context: CanvasRenderingContext2D,
  size: { widthPx: number; heightPx: number },
  points: readonly Point[],
  nowMs: number,
  stale: boolean,
): void {
  const most = points.reduce((top, { leftN, rightN }) => Math.max(top, leftN ?? 0, rightN ?? 0), 0);
  const high = Math.max(40, Math.ceil((most * 1.15) / 20) * 20);
  const axes: Axes = { left: 64, right: size.widthPx - 2, top: 14, bottom: size.heightPx - 14, low: 0, high, step: stepFor(high), unit: '' };
  context.clearRect(0, 0, size.widthPx, size.heightPx);
  paintAxes(context, axes);
  clipped(context, axes, () => {
    const colour = stale ? LOOK.stale : LOOK.text;
    paintLine(context, points, axes, nowMs, { value: ({ leftN }) => leftN, colour, dash: [], width: 3 });
    paintLine(context, points, axes, nowMs, {
      value: ({ rightN }) => rightN,
      colour: stale ? LOOK.stale : LOOK.offTarget,
      dash: [10, 6],
      width: 3,
    });
  });
}
