// The way off the machine after a stop, step by step, also when the arm stays up and when nothing is known.
import { text } from '../text/text';
import { liveness, lowering, telemetry } from '../wire/station';
import type { Telemetry } from '../gen/plinth/v1/plinth_pb';

// down: the legs hang, the brake holds. held_up: the brake holds the arm above that. unknown: the drive is not heard,
// or the picture is old.
export type Way = 'lowering' | 'down' | 'held_up' | 'unknown';

export function wayOf(picture: Telemetry | undefined, live: boolean, isLowering: boolean): Way {
  const heldUp = picture?.safety?.heldUp;
  if (!live || heldUp === undefined || picture?.units?.drive?.connected !== true) return 'unknown';
  if (isLowering) return 'lowering';
  return heldUp ? 'held_up' : 'down';
}

export const wayNow = (): Way => wayOf(telemetry.value, liveness.value !== 'gone', lowering.value);

const BY_HAND = ['way-off-estop', 'way-off-carry', 'way-off-release', 'way-off-close'];
const OFF = ['way-off-straps', 'way-off-feet', 'way-off-rise'];
const STEPS: Record<Way, string[]> = {
  lowering: ['way-off-wait', ...OFF],
  down: OFF,
  held_up: [...BY_HAND, ...OFF],
  unknown: ['way-off-look', ...BY_HAND, ...OFF],
};

export function WayOff() {
  const way = wayNow();
  return (
    <div class="way-off" data-way={way}>
      <h3>{text(`way-off-title-${way}`)}</h3>
      <ol>
        {STEPS[way].map((step) => (
          <li key={step}>{text(step)}</li>
        ))}
      </ol>
    </div>
  );
}
