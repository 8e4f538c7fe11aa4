// What the physio watches during a set.
import type { ComponentChildren } from 'preact';
import { Canvas } from '../parts/canvas';
import { brief, kilogramsOf, shown } from '../text/numbers';
import { has, text } from '../text/text';
import { freshness, history, liveness, prescription, session, telemetry } from '../wire/station';
import { AfterStop } from './after_stop';
import { liveWords } from './chips';
import { paintAngles, paintStraps, SHOWN_S } from './paint_live';

// From here on the share of time in the band is shown in the colour of "on target".
const WELL_IN_BAND = 0.75;

const stale = (): boolean => liveness.value !== 'live';

function shownUntil(nowMs: number): number {
  const picture = telemetry.value;
  if (!picture) return 0;
  const at = Number(picture.atMs);
  return at + Math.min(150, Math.max(0, freshness.stationNowMs(nowMs) - at));
}

function Charts() {
  return (
    <section class="charts">
      <h2>{text('chart-angle')}</h2>
      <Canvas
        class="chart-angle"
        label={text('chart-angle')}
        paint={(context, widthPx, heightPx, nowMs) => {
          const now = session.value;
          const until = shownUntil(nowMs);
          const range = {
            lowDeg: now?.rangeLowDeg ?? prescription.value?.rangeLowDeg ?? -70,
            highDeg: now?.rangeHighDeg ?? prescription.value?.rangeHighDeg ?? 0,
          };
          paintAngles(context, { widthPx, heightPx }, history.since(until - SHOWN_S * 1000), until, range, stale());
        }}
      />
      <h2>
        {text('chart-strap')}
        <span class="legend">
          <svg viewBox="0 0 44 12" width="44" height="12" aria-hidden="true">
            <path d="M0 6h44" stroke="var(--text)" stroke-width="3" />
          </svg>
          {text('legend-left')}
        </span>
        <span class="legend right">
          <svg viewBox="0 0 44 12" width="44" height="12" aria-hidden="true">
            <path d="M0 6h44" stroke="var(--off-target)" stroke-width="3" stroke-dasharray="10 6" />
          </svg>
          {text('legend-right')}
        </span>
        <span class="legend-unit">{text('unit-n')}</span>
      </h2>
      <Canvas
        class="chart-strap"
        label={text('chart-strap')}
        paint={(context, widthPx, heightPx, nowMs) => {
          const until = shownUntil(nowMs);
          paintStraps(context, { widthPx, heightPx }, history.since(until - SHOWN_S * 1000), until, stale());
        }}
      />
    </section>
  );
}

function Field({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <div class="field-shown">
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

// Asked for, commanded, read back: three values, so that none can pass for another.
function TripleLoad() {
  const load = telemetry.value?.load;
  const values: [string, number | undefined][] = [
    ['set', load?.setN],
    ['applied', load?.appliedN],
    ['measured', load?.measuredN],
  ];
  return (
    <div class="triple">
      {values.map(([name, newtons]) => (
        <div key={name} data-load={name} data-newtons={newtons === undefined ? '' : newtons.toFixed(1)}>
          <span class="triple-name">{text(`load-${name}`)}</span>
          <span class="triple-n">{newtons === undefined ? text('unknown') : text('newtons', { n: shown(newtons) })}</span>
          <span class="triple-kg">{newtons === undefined ? '' : text('kilograms', { kg: shown(kilogramsOf(newtons), 1) })}</span>
        </div>
      ))}
    </div>
  );
}

function gripWords(): string {
  const body = telemetry.value?.body;
  const which = body?.leftGrip ? (body.rightGrip ? 'both' : 'left') : body?.rightGrip ? 'right' : 'none';
  return text(`grips-${which}`);
}

function LastRep() {
  const rep = session.value?.lastRep;
  if (!rep) return null;
  return (
    <Field label={`${text('label-last-rep')} · ${text(rep.counted ? 'last-rep-counted' : 'last-rep-not-counted')}`}>
      <span class="small">
        {text('last-rep', {
          bottom: shown(rep.bottomDeg),
          top: shown(rep.topDeg),
          spread: brief(Math.round(rep.holdSpreadDeg * 10) / 10),
        })}
        <br />
        {text('last-rep-left', { left: shown(rep.leftShare * 100) })}
      </span>
    </Field>
  );
}

function Numbers() {
  const now = session.value;
  const rx = prescription.value;
  const end = `end-${now?.lastSetEnd ?? ''}`;
  return (
    <aside class="numbers">
      <dl>
        <Field label={text('label-person')}>
          <span class="person">
            {rx?.person ? text('person', { mass: brief(rx.person.massKg), phase: text(`phase-${rx.phase}`) }) : text('person-none')}
          </span>
        </Field>
      </dl>
      <dl class="two">
        <Field label={now && now.set > 0 ? text('label-rep-in-set', { set: now.set, sets: now.sets }) : text('label-rep')}>
          <span class="rep-now" data-counted={now?.repsCounted ?? 0} data-total={now?.repsCountedTotal ?? 0}>
            {now && now.rep > 0 ? now.rep : (now?.repsCounted ?? 0)}
          </span>
          <span class="rep-all">{`/${now?.reps ?? 0}`}</span>
        </Field>
        <Field label={text('label-in-band')}>
          <span class={(now?.inTube ?? 0) >= WELL_IN_BAND ? 'in-band well' : 'in-band'}>{`${shown((now?.inTube ?? 0) * 100)} %`}</span>
        </Field>
      </dl>
      <dl>
        <Field label={text('label-load')}>
          <TripleLoad />
        </Field>
        <LastRep />
        {now && now.lastSetEnd !== '' && !now.lastRep && (
          <Field label={text('label-last-end')}>
            <span class="small">{has(end) ? text(end) : now.lastSetEnd}</span>
          </Field>
        )}
      </dl>
      <div class={stale() ? 'pulse' : 'pulse good'}>
        {gripWords()} · {liveWords()}
      </div>
    </aside>
  );
}

export function Live() {
  return (
    <div class="live">
      <div class="live-left">
        <Charts />
        <AfterStop />
      </div>
      <Numbers />
    </div>
  );
}
