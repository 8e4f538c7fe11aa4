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
  const [ladder, future] = await patient.evaluate(() => {
    const canvas = document.querySelector('canvas.tube');
    const painted = (x, width) => canvas.getContext('2d').getImageData(Math.round(canvas.width * x), Math.round(canvas.height * 0.3), width, 200).data.some((value) => value !== 0);
    return [painted(0.1, Math.round(canvas.width * 0.6)), painted(0.85, 60)];
  });
  assert.equal(ladder, true, 'the ladder is there');
  assert.equal(future, false, 'and nothing beside it');
  await console.getByRole('button', { name: 'Stop', exact: true }).click();
  await untilStage(console, 'STOPPED', timeoutMs);
}
