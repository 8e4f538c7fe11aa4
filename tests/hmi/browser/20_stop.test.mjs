// Stop at the console, in the middle of a rep.
import assert from 'node:assert/strict';
import { load, stageOf, startSet, untilStage } from './steps.mjs';

export const name = 'Stop in the middle of a rep takes the load away';

export async function test({ open, artifact, timeoutMs }) {
  const console = await open('/console');
  const patient = await open('/patient');
  await startSet(console, timeoutMs);
  await untilStage(console, 'TRAINING', timeoutMs);
  await console.waitForFunction(() => Number(document.querySelector('[data-load="applied"]')?.getAttribute('data-newtons')) > 5, null, { timeout: timeoutMs });
  await console.waitForTimeout(800);
  const before = await load(console, 'applied');

  await console.getByRole('button', { name: 'Stop', exact: true }).click();
  const pressed = Date.now();
  await console.waitForFunction(
    (most) => Number(document.querySelector('[data-load="applied"]')?.getAttribute('data-newtons')) <= most,
    0.1 * before,
    { timeout: 2000, polling: 20 },
  );
  const tookMs = Date.now() - pressed;
  await untilStage(console, ['STOPPED', 'UNLOADING'], 2000);
  await untilStage(console, 'STOPPED', timeoutMs);
  await console.screenshot({ path: artifact('console-stopped') });
  await patient.screenshot({ path: artifact('patient-stopped') });

  // 300 ms of release, and what page, wire and picture add.
  assert.ok(tookMs < 1000, `load gone after ${tookMs} ms`);
  assert.equal(await console.locator('.banner').getAttribute('data-cause'), 'console_stop');
  await patient.locator('.cover h1').waitFor();

  // Reset is refused until the legs are at rest; and it is not start.
  const until = Date.now() + 20_000;
  while ((await stageOf(console)) === 'STOPPED' && Date.now() < until) {
    await console.locator('.actions').getByRole('button', { name: 'Reset' }).click();
    await console.waitForTimeout(1000);
  }
  assert.ok(['READY', 'RESTING', 'DONE'].includes(await stageOf(console)), await stageOf(console));
}
