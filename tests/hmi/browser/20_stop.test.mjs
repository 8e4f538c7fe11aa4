// Stop at the console, in the middle of a rep; and what is asked after it.
import assert from 'node:assert/strict';
import { assertUsable, load, stageOf, startSet, untilLoaded, untilStage } from './steps.mjs';

export const name = 'Stop in the middle of a rep takes the load away, and the patient says why';

export async function test({ open, artifact, mark, timeoutMs }) {
  const console = await open('/console');
  const patient = await open('/patient');
  await startSet(console, timeoutMs);
  await untilStage(console, 'TRAINING', timeoutMs);
  await untilLoaded(console, timeoutMs);
  await console.waitForTimeout(800);
  const before = await load(console, 'measured');

  // The hand is at the button already: what is timed begins with the press.
  await console.getByRole('button', { name: 'Stop', exact: true }).hover();
  mark('stop-pressed');
  await console.mouse.down();
  await console.mouse.up();
  const pressed = Date.now();
  // Commanded and measured: a drive that keeps its load is found out here.
  for (const [which, most] of [['applied', 0.1 * before], ['measured', 0.1 * before + 15]]) {
    await console.waitForFunction(
      ([what, newtons]) => {
        const shown = document.querySelector(`[data-load="${what}"]`)?.getAttribute('data-newtons');
        return shown !== '' && Number(shown) <= newtons;
      },
      [which, most],
      { timeout: 2000, polling: 20 },
    );
    // 300 ms of release, and what page, wire and picture add.
    assert.ok(Date.now() - pressed < 1000, `${which} load gone after ${Date.now() - pressed} ms`);
  }
  await untilStage(console, 'STOPPED', timeoutMs);
  assert.equal(await console.locator('.banner').getAttribute('data-cause'), 'console_stop');

  // Both screens ask; the patient answers with one touch, and the physio reads it.
  await patient.locator('[data-asks="true"]').waitFor();
  await console.locator('.after-stop .reasons').waitFor();
  await patient.screenshot({ path: artifact('patient-stopped') });
  await console.screenshot({ path: artifact('console-stopped') });
  await assertUsable(patient, 'the question to the patient');
  await assertUsable(console, 'the question at the console');
  await patient.getByRole('button', { name: 'Tired' }).click();
  await patient.locator('[data-asks="false"]').waitFor();
  assert.match(await console.locator('.after-stop-says').innerText(), /The patient says: Tired\./);
  await console.locator('.way-off[data-way="down"]').waitFor({ timeout: 20_000 });
  await patient.screenshot({ path: artifact('patient-answered') });
  await console.screenshot({ path: artifact('console-answered') });

  // Reset is refused until the legs are at rest; and it is not start.
  const until = Date.now() + 20_000;
  while ((await stageOf(console)) === 'STOPPED' && Date.now() < until) {
    await console.locator('.actions').getByRole('button', { name: 'Reset' }).click();
    await console.waitForTimeout(1000);
  }
  assert.ok(['READY', 'RESTING', 'DONE'].includes(await stageOf(console)), await stageOf(console));
}
