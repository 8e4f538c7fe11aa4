// In which colour the banner speaks: red when the machine had to act by itself or only service may clear it, yellow
// after any other stop, cyan when the station only says why it does not go on.
import type { Safety } from '../gen/plinth/v1/plinth_pb';

export type Urgency = 'high' | 'medium' | 'low';

// Nothing when nothing stands against going on.
export function urgencyOf(safety: Safety): Urgency | undefined {
  if (safety.cause === '') return undefined;
  // After a start everything is stopped in good order until somebody has looked: no alarm.
  if (safety.cause === 'boot') return 'low';
  if (safety.latch === 'service' || safety.action === 'drive_stop' || safety.action === 'torque_off') return 'high';
  return safety.latch === 'patient' || safety.latch === 'therapist' ? 'medium' : 'low';
}
