// Why the station does not go on, and what to do: never over a value, in a colour kept for alarms.
import { Permission } from '../gen/plinth/v1/plinth_pb';
import { has, text } from '../text/text';
import { liveness, lowering, safety } from '../wire/station';
import { urgencyOf } from './alarm';
import { act } from './actions';

export function AlarmBanner() {
  const now = safety.value;
  const urgency = now && urgencyOf(now);
  if (!now || !urgency || liveness.value === 'gone') return null;
  const latch = `banner-latch-${now.latch}`;
  const latched = now.permission === Permission.LATCHED;
  return (
    <section class={`banner ${urgency}`} role={urgency === 'high' ? 'alert' : 'status'} data-cause={now.cause}>
      <svg viewBox="0 0 32 32" width="36" height="36" aria-hidden="true">
        <path d="M16 3L31 29H1z" fill="none" stroke="currentColor" stroke-width="3" stroke-linejoin="round" />
        <path d="M16 12v8M16 23.5v2.5" stroke="currentColor" stroke-width="3" stroke-linecap="round" />
      </svg>
      <div class="banner-words">
        <strong>{now.physioWords === '' ? now.cause : now.physioWords}</strong>
        <span>
          {now.nextStep}
          {!now.released && latched && ` ${text(lowering.value ? 'banner-lowering' : 'banner-not-released')}`}
        </span>
      </div>
      {latched && (
        <div class="banner-act">
          {has(latch) && <span>{text(latch)}</span>}
          <button type="button" class="banner-button" onClick={() => void act('reset')}>
            {text('reset')}
          </button>
        </div>
      )}
    </section>
  );
}
