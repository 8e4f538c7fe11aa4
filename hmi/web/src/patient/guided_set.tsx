// The guided set: the word and the breath, the tube and the dot, the rep, the seconds left.
import { useRef } from 'preact/hooks';
import { Stage } from '../gen/plinth/v1/plinth_pb';
import { ahead, courseOf } from '../guide/guide';
import { paintLadderScene } from '../guide/paint_ladder';
import { paintTubeScene } from '../guide/paint_tube';
import { placeOf, type Place } from '../guide/tube';
import { Canvas } from '../parts/canvas';
import { Ring } from '../parts/ring';
import { text } from '../text/text';
import { freshness, history, liveness, prescription, session, stage, telemetry } from '../wire/station';
import { breathLine, cueWord } from './words';

const PIXELS_PER_SECOND = 80; // slow enough for eyes near the screen
const NOW_X = 270;
const TOP_Y = 112;
const BOTTOM_Y = 544;
const LOWEST_Y = 596; // legs that hang below the range are still shown
const STEP_S = 0.05;

const wantsStillness = window.matchMedia('(prefers-reduced-motion: reduce)');

// Where the lower end of the range is drawn, so that the lowest angle of this set fits on the picture.
export function bottomFor(lowDeg: number, highDeg: number, lowestDeg: number): number {
  const wanted = TOP_Y + ((LOWEST_Y - TOP_Y) * (highDeg - lowDeg)) / (highDeg - Math.min(lowestDeg, lowDeg));
  return Math.min(BOTTOM_Y, wanted);
}

function Picture() {
  const place = useRef<Place>('on');
  const lowest = useRef(Infinity); // of this set
  const paint = (context: CanvasRenderingContext2D, widthPx: number, heightPx: number, nowMs: number): void => {
    const picture = telemetry.value;
    const now = picture?.session;
    if (!picture || !now) return;
    const course = courseOf(now, prescription.value);
    const lowDeg = now.rangeLowDeg ?? prescription.value?.rangeLowDeg ?? -70;
    const highDeg = now.rangeHighDeg ?? prescription.value?.rangeHighDeg ?? 0;
    const angleDeg = picture.arm?.angleDeg;
    if (angleDeg !== undefined && now.targetDeg !== undefined) {
      place.current = placeOf(angleDeg, now.targetDeg, now.toleranceDeg ?? 0, place.current);
    } else {
      place.current = 'on';
    }
    lowest.current = Math.min(lowest.current, angleDeg ?? Infinity, now.targetDeg ?? Infinity);
    const bottomY = bottomFor(lowDeg, highDeg, lowest.current);
    const stale = liveness.value !== 'live';
    const words = { up: text('up'), down: text('down'), stopsHere: text('machine-stops-here') };
    if (wantsStillness.matches) {
      paintLadderScene(context, {
        widthPx,
        heightPx,
        topY: TOP_Y,
        bottomY,
        lowDeg,
        highDeg,
        targetDeg: now.targetDeg,
        halfWidthDeg: now.toleranceDeg ?? 0,
        angleDeg,
        place: place.current,
        stale,
        words,
      });
      return;
    }
    // Between two pictures the tube flows on; when pictures stop coming, so does the tube.
    const stationMs = Number(picture.atMs);
    const sinceMs = Math.min(150, Math.max(0, freshness.stationNowMs(nowMs) - stationMs));
    const shownMs = stationMs + sinceMs;
    const horizonS = (widthPx - NOW_X) / PIXELS_PER_SECOND;
    paintTubeScene(context, {
      widthPx,
      heightPx,
      frame: { nowX: NOW_X, pixelsPerSecond: PIXELS_PER_SECOND, topY: TOP_Y, bottomY, lowDeg, highDeg },
      nowMs: shownMs,
      past: history.since(shownMs - (NOW_X / PIXELS_PER_SECOND) * 1000),
      future: course ? ahead(now, course, horizonS, STEP_S, sinceMs / 1000) : [],
      angleDeg,
      place: place.current,
      stale,
      words,
    });
  };
  return <Canvas class="tube" label={text('tube-label')} paint={paint} />;
}

function CountIn() {
  const left = session.value?.momentLeftS ?? 0;
  return (
    <div class="count-in" role="status" aria-label={text('count-in')}>
      {Math.max(1, Math.ceil(left))}
    </div>
  );
}

function Counts() {
  const now = session.value;
  if (!now) return null;
  const share = now.momentLengthS > 0 ? now.momentLeftS / now.momentLengthS : 0;
  return (
    <div class="counts">
      <div class="rep" data-rep={now.rep} data-counted={now.repsCounted} aria-label={text('reps-label', { rep: now.rep, reps: now.reps })}>
        {Math.max(1, now.rep)}
      </div>
      <div class="rep-of">{text('rep-of', { reps: now.reps })}</div>
      {stage.value !== Stage.COUNT_IN && (
        <Ring left={share} number={String(Math.max(0, Math.ceil(now.momentLeftS - 0.05)))} words={text('seconds-left')} />
      )}
    </div>
  );
}

export function GuidedSet() {
  const now = session.value;
  if (!now) return null;
  const lowering = stage.value === Stage.UNLOADING;
  return (
    <div class="guided">
      <header>
        <div class="cue">
          <h1>{lowering && now.lastSetEnd === 'completed' ? text('unloading') : cueWord(now)}</h1>
          <p>{lowering ? '' : breathLine(now)}</p>
        </div>
        <div class="set">{text('set-of', { set: now.set, sets: now.sets })}</div>
        <div class="let-go">{text('let-go')}</div>
      </header>
      <Picture />
      {stage.value === Stage.COUNT_IN && <CountIn />}
      {lowering ? <p class="lowering">{text('unloading-hint')}</p> : <Counts />}
    </div>
  );
}
