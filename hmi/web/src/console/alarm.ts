// What the banner says and in which colour: red when the machine had to act by itself or somebody must come,
// yellow when the set was ended in good order, cyan when the station only says why it does not go on.
import type { Safety } from '../gen/plinth/v1/plinth_pb';

export type Urgency = 'high' | 'medium' | 'low';

const ORDERLY = new Set(['console_stop', 'grip_released', 'comfort_stop', 'patient_absent', 'tempo_far_off', 'sag', 'hold_too_long', 'set_too_long']);
const ONLY_TOLD = new Set(['boot', 'no_prescription']);

// Nothing when nothing stands against going on.
export function urgencyOf(safety: Safety): Urgency | undefined {
  if (safety.cause === '') return undefined;
  if (ONLY_TOLD.has(safety.cause)) return 'low';
  if (!safety.released && safety.latch !== 'none' && safety.latch !== '') return 'high';
  if (safety.action === 'drive_stop' || safety.action === 'torque_off' || safety.latch === 'service') return 'high';
  if (ORDERLY.has(safety.cause)) return 'medium';
  return safety.action === 'limit' || safety.action === 'allow' ? 'low' : 'medium';
}
