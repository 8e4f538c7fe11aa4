// Who asks the system for less motion gets the ladder: nothing flows.
import assert from 'node:assert/strict';
import { startSet, untilStage } from './steps.mjs';

export const name = 'reduced motion shows the ladder';

export async function test({ open, artifact, timeoutMs }) {
  const console = await open('/console');
  const patient = await open('/patient', { reducedMotion: true });
  await startSet(console, timeoutMs);
  await untilStage(patient, 'TRAINING', timeoutMs);
  await patient.waitForTimeout(900);
  await patient.screenshot({ path: artifact('patient-ladder') });
  // Right of the ladder, where the tube's future would be, the picture is empty.
  const painted = await patient.evaluate(() => {
    const canvas = document.querySelector('canvas.tube');
    const { data } = canvas.getContext('2d').getImageData(Math.round(canvas.width * 0.85), Math.round(canvas.height * 0.3), 60, 200);
    return data.some((value) => value !== 0);
  });
  assert.equal(painted, false);
  await console.getByRole('button', { name: 'Stop', exact: true }).click();
  await untilStage(console, 'STOPPED', timeoutMs);
}
