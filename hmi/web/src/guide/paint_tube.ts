// Paints the patient's picture: the tube flows to the left past a fixed "now", the dot goes up and down with
// the legs. What is left of "now" happened, what is right of it is the guide to come.
import type { Point } from '../wire/history';
import type { GuidePoint } from './guide';
import { FONT, LOOK } from './look';
import { scaleOf, tubeEdges, type Edge, type Frame, type Place, type Scale, type TubePoint } from './tube';

export interface TubeScene {
  widthPx: number;
  heightPx: number;
  frame: Frame;
  nowMs: number; // the station's clock
  past: readonly Point[];
  future: readonly GuidePoint[];
  angleDeg: number | undefined;
  place: Place;
  stale: boolean;
  words: { up: string; down: string; stopsHere: string };
}

const DOT_RADIUS = 25;
const LABEL_PX = 28;
const FLOOR_Y = 580;

function pathOf(context: CanvasRenderingContext2D, edges: readonly Edge[], y: (edge: Edge) => number): void {
  edges.forEach((edge, index) => (index === 0 ? context.moveTo(edge.x, y(edge)) : context.lineTo(edge.x, y(edge))));
}

function paintTube(context: CanvasRenderingContext2D, edges: readonly Edge[], stale: boolean): void {
  if (edges.length < 2) return;
  context.beginPath();
  pathOf(context, edges, ({ upperY }) => upperY);
  for (const { x, lowerY } of [...edges].reverse()) context.lineTo(x, lowerY);
  context.closePath();
  context.fillStyle = stale ? LOOK.hairline : LOOK.bandFill;
  context.fill();
  context.strokeStyle = stale ? LOOK.stale : LOOK.bandEdge;
  context.lineWidth = 3;
  context.lineJoin = 'round';
  context.stroke();
}

function paintDot(context: CanvasRenderingContext2D, x: number, y: number, place: Place, stale: boolean): void {
  context.beginPath();
  context.arc(x, y, DOT_RADIUS - 2.5, 0, 2 * Math.PI);
  if (place === 'on' || stale) {
    context.fillStyle = stale ? LOOK.stale : LOOK.onTarget;
    context.fill();
    context.lineWidth = 5;
    context.strokeStyle = LOOK.background;
    context.stroke();
    return;
  }
  context.fillStyle = LOOK.background;
  context.fill();
  context.lineWidth = 6;
  context.strokeStyle = LOOK.offTarget;
  context.stroke();
  // The chevron points where to go.
  const way = place === 'higher' ? -1 : 1;
  context.beginPath();
  context.moveTo(x - 9, y - 4 * way);
  context.lineTo(x, y + 6 * way);
  context.lineTo(x + 9, y - 4 * way);
  context.lineWidth = 5;
  context.lineCap = 'round';
  context.stroke();
}

function paintTrace(context: CanvasRenderingContext2D, scene: TubeScene, scale: Scale): void {
  context.beginPath();
  let drawing = false;
  for (const { atMs, angleDeg } of scene.past) {
    if (angleDeg === undefined) {
      drawing = false;
      continue;
    }
    const x = scale.xOf((atMs - scene.nowMs) / 1000);
    if (drawing) context.lineTo(x, scale.yOf(angleDeg));
    else context.moveTo(x, scale.yOf(angleDeg));
    drawing = true;
  }
  if (drawing && scene.angleDeg !== undefined) context.lineTo(scale.xOf(0), scale.yOf(scene.angleDeg));
  context.strokeStyle = scene.stale ? LOOK.stale : LOOK.trace;
  context.lineWidth = 5;
  context.lineJoin = 'round';
  context.lineCap = 'round';
  context.stroke();
}

export function paintTubeScene(context: CanvasRenderingContext2D, scene: TubeScene): void {
  const { frame, widthPx, heightPx } = scene;
  const scale = scaleOf(frame);
  context.clearRect(0, 0, widthPx, heightPx);

  context.save();
  context.beginPath();
  context.rect(0, frame.topY - 72, widthPx, heightPx);
  context.clip();

  const past: TubePoint[] = scene.past.flatMap(({ atMs, targetDeg, halfWidthDeg }) =>
    targetDeg === undefined ? [] : [{ inS: (atMs - scene.nowMs) / 1000, targetDeg, halfWidthDeg }],
  );
  const points = [...past.filter(({ inS }) => inS < 0), ...scene.future];
  paintTube(context, tubeEdges(points, scale, frame.lowDeg, frame.highDeg), scene.stale);

  context.strokeStyle = LOOK.text;
  context.lineWidth = 3;
  context.setLineDash([16, 12]);
  for (const y of [frame.topY, frame.bottomY]) {
    context.beginPath();
    context.moveTo(0, y);
    context.lineTo(widthPx, y);
    context.stroke();
  }
  context.setLineDash([]);

  context.strokeStyle = LOOK.hairline;
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(frame.nowX, frame.topY - 72);
  context.lineTo(frame.nowX, FLOOR_Y);
  context.stroke();

  paintTrace(context, scene, scale);
  if (scene.angleDeg !== undefined) {
    paintDot(context, frame.nowX, scale.yOf(scene.angleDeg), scene.place, scene.stale);
  }
  context.restore();

  context.fillStyle = LOOK.muted;
  context.font = `${LABEL_PX}px ${FONT}`;
  context.textBaseline = 'alphabetic';
  context.textAlign = 'left';
  context.fillText(scene.words.up, 0, frame.topY - 78);
  context.fillText(scene.words.down, 0, FLOOR_Y + 40);
  context.textAlign = 'right';
  context.fillText(scene.words.stopsHere, widthPx, frame.topY - 12);
}
