// What the patient sees outside a moving set: one sentence, large, and at most one fact more.
import type { ComponentChildren } from 'preact';
import { Ring } from '../parts/ring';
import { clock } from '../text/numbers';
import { text } from '../text/text';
import { prescription, session, telemetry } from '../wire/station';

function Cover({ title, hint, children }: { title: string; hint?: string; children?: ComponentChildren }) {
  return (
    <div class="cover" role="status">
      <h1>{title}</h1>
      {hint !== undefined && hint !== '' && <p>{hint}</p>}
      {children}
    </div>
  );
}

export const Connecting = () => <Cover title={text('connecting')} hint={text('connecting-hint')} />;
export const NoPicture = () => <Cover title={text('no-picture')} hint={text('no-picture-hint')} />;
export const NoPrescription = () => <Cover title={text('no-prescription')} hint={text('no-prescription-hint')} />;

// The set that comes next, in one line.
function NextSet() {
  const now = session.value;
  if (!now || now.sets === 0) return null;
  const reps = now.reps || (prescription.value?.reps ?? 0);
  return <p class="cover-next">{text('rest-next', { set: Math.min(now.set + 1, now.sets), sets: now.sets, reps })}</p>;
}

export function Ready() {
  return (
    <Cover title={text('ready')} hint={text('ready-hint')}>
      <NextSet />
    </Cover>
  );
}

function Grip({ held, side }: { held: boolean; side: string }) {
  return (
    <div class={held ? 'grip held' : 'grip'}>
      <svg viewBox="0 0 120 120" width="150" height="150" aria-hidden="true">
        <circle cx="60" cy="60" r="52" class="grip-disc" />
        {held ? <path d="M36 62l17 17 32-36" class="grip-mark" /> : <path d="M60 34v52M34 60h52" class="grip-mark" />}
      </svg>
      <div>{side}</div>
      <div class="grip-state">{text(held ? 'grip-held' : 'grip-open')}</div>
    </div>
  );
}

export function Armed() {
  const body = telemetry.value?.body;
  return (
    <Cover title={text('armed')} hint={text('armed-hint')}>
      <div class="grips">
        <Grip held={body?.leftGrip ?? false} side={text('left-grip')} />
        <Grip held={body?.rightGrip ?? false} side={text('right-grip')} />
      </div>
    </Cover>
  );
}

export function Rest() {
  const now = session.value;
  if (!now) return null;
  const length = now.momentLengthS || (prescription.value?.restBetweenSetsS ?? 0);
  const share = length > 0 ? now.momentLeftS / length : 0;
  return (
    <Cover title={text('rest')} hint={text('rest-hint')}>
      <div class="rest-ring">
        <Ring left={share} number={clock(now.momentLeftS)} words="" />
      </div>
      <NextSet />
    </Cover>
  );
}

export function Done() {
  const now = session.value;
  return (
    <Cover title={text('done')} hint={text('done-hint')}>
      <dl class="facts">
        <div>
          <dt>{text('done-reps', { reps: now?.repsCountedTotal ?? 0 })}</dt>
          <dd>{now?.repsCountedTotal ?? 0}</dd>
        </div>
        <div>
          <dt>{text('done-band')}</dt>
          <dd>{`${Math.round((now?.inTube ?? 0) * 100)} %`}</dd>
        </div>
      </dl>
    </Cover>
  );
}
