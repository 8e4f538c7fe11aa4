import { effect, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { session } from '../wire/station';
import { text } from '../text/text';
import { Tones } from './tones';

const on = signal(new URLSearchParams(location.search).get('sound') === 'on');
const tones = new Tones();

export function SoundSwitch() {
  useEffect(() => effect(() => (on.value ? tones.switchOn() : tones.switchOff())), []);
  useEffect(
    () =>
      effect(() => {
        const moment = session.value?.moment;
        if (moment !== undefined) tones.moment(moment);
      }),
    [],
  );
  return (
    <button
      class="sound-switch"
      type="button"
      aria-pressed={on.value}
      aria-label={text(on.value ? 'sound-on' : 'sound-off')}
      onClick={() => (on.value = !on.value)}
    >
      <svg viewBox="0 0 32 32" width="32" height="32" aria-hidden="true">
        <path d="M4 12h6l7-6v20l-7-6H4z" fill="currentColor" />
        {on.value ? (
          <path d="M21 11a7 7 0 0 1 0 10M24.5 7.5a12 12 0 0 1 0 17" fill="none" stroke="currentColor" stroke-width="2.5" />
        ) : (
          <path d="M21 12l8 8M29 12l-8 8" stroke="currentColor" stroke-width="2.5" />
        )}
      </svg>
    </button>
  );
}
