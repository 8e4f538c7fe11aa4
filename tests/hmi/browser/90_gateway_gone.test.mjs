// The gateway dies: old values must not be taken for the present.
import assert from 'node:assert/strict';
import { startSet, untilLoaded, untilStage } from './steps.mjs';

export const name = 'a dead gateway greys the values, then covers them';
export const needsGatewayPid = true;

export async function test({ open, artifact, killGateway, mark, timeoutMs }) {
  const console = await open('/console');
  const patient = await open('/patient');
  await startSet(console, timeoutMs);
  await untilStage(patient, 'TRAINING', timeoutMs);
  const form = await open('/console#prescription');
  const fromLeg = form.getByRole('button', { name: /from the leg/ }).first();
  await form.locator('.arc-now').waitFor();
  assert.equal(await fromLeg.isDisabled(), false);
  await untilLoaded(console, timeoutMs);
  const states = await patient.evaluateHandle(() => {
    const element = document.querySelector('[data-liveness]');
    const seen = [];
    new MutationObserver(() => seen.push([element.getAttribute('data-liveness'), performance.now()])).observe(element, { attributeFilter: ['data-liveness'] });
    return seen;
  });
  const killedAt = await patient.evaluate(() => performance.now());
  mark('gateway-killed');
  killGateway();
  await patient.locator('[data-liveness="gone"]').waitFor({ timeout: 3000 });
  await console.locator('.no-picture').waitFor({ timeout: 3000 });
  const seen = await states.jsonValue();
  const at = (what) => seen.find(([state]) => state === what)?.[1] - killedAt;
  assert.ok(at('grey') > 250 && at('grey') < 700, `grey after ${at('grey')} ms`);
  assert.ok(at('gone') > 850 && at('gone') < 1300, `gone after ${at('gone')} ms`);
  assert.equal(await patient.locator('.rep').count(), 0, 'no number is left to be believed');
  await patient.screenshot({ path: artifact('patient-no-picture') });
  await console.screenshot({ path: artifact('console-no-picture') });

  assert.equal(await form.locator('.arc-now').count(), 0, 'the form has no leg any more');
  assert.equal(await fromLeg.isDisabled(), true);
  await console.locator('.no-picture summary').click();
  await console.locator('.way-off[data-way="unknown"]').waitFor();
  await console.screenshot({ path: artifact('console-way-off') });

  // A stop that cannot arrive says so.
  await console.getByRole('button', { name: 'Stop', exact: true }).click();
  await console.locator('.toast').waitFor({ timeout: 4000 });
}
