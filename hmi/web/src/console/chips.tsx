// At most three chips: where the session is, whether the units answer, who lies there and how old the picture is.
import { Stage } from '../gen/plinth/v1/plinth_pb';
import { text } from '../text/text';
import { ageMs, liveness, stage, telemetry } from '../wire/station';

function unitsWords(): { words: string; good: boolean } {
  const units = telemetry.value?.units;
  if (!units?.drive?.connected) return { words: text('chip-drive-gone'), good: false };
  if (!units.hub?.connected) return { words: text('chip-hub-gone'), good: false };
  if (!units.estopClosed) return { words: text('chip-estop'), good: false };
  if (!units.limitsConfirmed || !units.watchdogProven) return { words: text('chip-units-unproven'), good: false };
  return { words: text('chip-units-good'), good: true };
}

function Chip({ words, good }: { words: string; good: boolean }) {
  return (
    <span class={good ? 'chip good' : 'chip'}>
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        {good ? <circle cx="8" cy="8" r="7" fill="currentColor" /> : <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="2.5" />}
      </svg>
      {words}
    </span>
  );
}

export function liveWords(): string {
  if (liveness.value === 'gone') return text('chip-gone');
  const age = Math.round(ageMs.value / 10) * 10;
  return liveness.value === 'live' ? text('chip-live', { age }) : text('chip-stale', { age });
}

export function Chips() {
  // What an old picture said is not the present.
  if (liveness.value === 'gone') {
    return (
      <div class="chips">
        <Chip words={text('chip-gone')} good={false} />
      </div>
    );
  }
  const units = unitsWords();
  const live = liveness.value === 'live';
  return (
    <div class="chips">
      <Chip words={text(`stage-${stage.value}`)} good={live && stage.value !== Stage.STOPPED} />
      <Chip words={units.words} good={live && units.good} />
    </div>
  );
}
