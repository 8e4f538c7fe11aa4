// The patient's page vanishes in the middle of a set; then the person tells the physio of sharp pain.
import assert from 'node:assert/strict';
import { assertUsable, stageOf, startSet, untilLoaded, untilStage } from './steps.mjs';

export const name = 'a set does not go on without the patient\'s page, nor a session after sharp pain';

export async function test({ open, artifact, mark, timeoutMs }) {
  const console = await open('/console');
  const patient = await open('/patient');
  await startSet(console, timeoutMs);
  await untilStage(patient, 'TRAINING', timeoutMs);
  await untilLoaded(console, timeoutMs);
  mark('patient-page-closed');
  await patient.close();
  await untilStage(console, 'STOPPED', 6000);

  await console.locator('input[name="reason_words"]').fill('left of the spine');
  await console.locator('.after-stop').getByRole('button', { name: 'Sharp pain' }).click();
  await console.locator('.after-stop-review').waitFor();
  assert.match(await console.locator('.after-stop-says').innerText(), /Told to you: Sharp pain\..*left of the spine/);
  await console.screenshot({ path: artifact('console-review') });
  await assertUsable(console, 'the review');
  const back = await open('/patient');
  await untilStage(back, 'STOPPED', timeoutMs);
  await back.screenshot({ path: artifact('patient-review') });
  assert.match(await back.locator('.cover').innerText(), /all for today/);

  // The stop is cleared, and still nothing starts.
  const until = Date.now() + 20_000;
  while ((await stageOf(console)) === 'STOPPED' && Date.now() < until) {
    await console.locator('.actions').getByRole('button', { name: 'Reset' }).click();
    await console.waitForTimeout(1000);
  }
  await console.locator('.start').click();
  await console.locator('.toast').waitFor();
  assert.match(await console.locator('.toast').innerText(), /nothing more is trained.*sharp pain/is);
  assert.notEqual(await stageOf(console), 'ARMED');

  // The physio has seen to the person.
  await console.getByRole('button', { name: 'End session' }).click();
  await console.getByRole('button', { name: 'Really end it?' }).click();
  await console.locator('.after-stop').waitFor({ state: 'detached' });
}
