// The quiet picture, for people whom moving pictures make dizzy: nothing flows, a window goes up and down a
// ladder, and the dot should be in it.
import { FONT, LOOK } from './look';
import type { Place } from './tube';

export interface LadderScene {
  widthPx: number;
  heightPx: number;
  topY: number;
  bottomY: number;
  lowDeg: number;
  highDeg: number;
  targetDeg: number | undefined;
  halfWidthDeg: number;
  angleDeg: number | undefined;
  place: Place;
  stale: boolean;
  words: { up: string; down: string; stopsHere: string };
}

export function paintLadderScene(context: CanvasRenderingContext2D, scene: LadderScene): void {
  const { topY, bottomY, lowDeg, highDeg } = scene;
  const middle = scene.widthPx / 2;
  const yOf = (deg: number): number => bottomY - ((deg - lowDeg) * (bottomY - topY)) / (highDeg - lowDeg);
  context.clearRect(0, 0, scene.widthPx, scene.heightPx);

  context.lineWidth = 2;
  context.strokeStyle = LOOK.hairline;
  context.strokeRect(middle - 90, topY, 180, bottomY - topY);
  if (scene.targetDeg !== undefined) {
    const upper = yOf(Math.min(highDeg, scene.targetDeg + scene.halfWidthDeg));
    const lower = yOf(Math.max(Math.min(lowDeg, scene.targetDeg), scene.targetDeg - scene.halfWidthDeg));
    context.fillStyle = scene.stale ? LOOK.hairline : LOOK.bandFill;
    context.strokeStyle = scene.stale ? LOOK.stale : LOOK.bandEdge;
    context.lineWidth = 3;
    context.fillRect(middle - 90, upper, 180, lower - upper);
    context.strokeRect(middle - 90, upper, 180, lower - upper);
  }
  context.strokeStyle = LOOK.text;
  context.lineWidth = 3;
  context.setLineDash([16, 12]);
  for (const y of [topY, bottomY]) {
    context.beginPath();
    context.moveTo(middle - 220, y);
    context.lineTo(middle + 220, y);
    context.stroke();
  }
  context.setLineDash([]);
  if (scene.angleDeg !== undefined) {
    context.beginPath();
    context.arc(middle, yOf(scene.angleDeg), 26, 0, 2 * Math.PI);
    const on = scene.place === 'on' && !scene.stale;
    context.fillStyle = on ? LOOK.onTarget : LOOK.background;
    context.fill();
    context.lineWidth = 6;
    context.strokeStyle = scene.stale ? LOOK.stale : on ? LOOK.background : LOOK.offTarget;
    context.stroke();
  }
  context.fillStyle = LOOK.muted;
  context.font = `28px ${FONT}`;
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  context.fillText(scene.words.up, middle - 236, topY);
  context.fillText(scene.words.down, middle - 236, bottomY);
  context.textAlign = 'left';
  context.fillText(scene.words.stopsHere, middle + 236, topY);
}
