// The form: a refusal is explained beside its field and changes nothing; what is allowed comes into force.
import assert from 'node:assert/strict';
import { stageOf, untilStage } from './steps.mjs';

export const name = 'a refused prescription is explained, an allowed one comes into force';

export async function test({ open, artifact, timeoutMs }) {
  const page = await open('/console#prescription');
  await untilStage(page, ['READY', 'STOPPED', 'DONE', 'RESTING', 'NO_PRESCRIPTION'], timeoutMs);
  const field = (of) => page.locator(`input[name="${of}"]`);
  const active = () => page.locator('.rx-active').first().innerText();
  const submit = page.getByRole('button', { name: 'Set for next session' });

  if ((await field('mass_kg').inputValue()) === '') {
    await page.locator('select[name="phase"]').selectOption({ index: 2 });
    await field('mass_kg').fill('78');
  }
  const before = await active();

  // A typing mistake never leaves the page.
  await field('load_n').fill('a lot');
  await submit.click();
  assert.match(await page.locator('[data-trouble="load_n"]').innerText(), /no number/i);

  // Two values that the station refuses, both told at once.
  await field('load_n').fill('9999,5');
  await field('reps').fill('99');
  await submit.click();
  await page.locator('.rx-summary.refused').waitFor();
  const why = await page.locator('[data-trouble="load_n"]').innerText();
  assert.match(why, /Allowed: .*\d+ ?N/, `why and what would be allowed; saw "${why}"`);
  await page.locator('[data-trouble="reps"]').waitFor();
  assert.equal(await field('load_n').getAttribute('aria-invalid'), 'true');
  assert.equal(await active(), before, 'nothing has changed');
  await page.screenshot({ path: artifact('console-refused') });

  // A tighter value, with a decimal comma; the sets that follow train it.
  await page.getByRole('button', { name: 'Discard' }).click();
  const stage = await stageOf(page);
  if (!['READY', 'DONE', 'NO_PRESCRIPTION'].includes(stage)) {
    await page.locator('.actions').getByRole('button', { name: 'Reset' }).click({ timeout: 2000 }).catch(() => {});
    await page.getByRole('button', { name: 'End session' }).click({ timeout: 2000 }).catch(() => {});
  }
  await field('load_n').fill('100,5');
  await page.locator('.mark').first().waitFor();
  await page.screenshot({ path: artifact('console-prescription') });
  await submit.click();
  await page.locator('.rx-summary.applied').waitFor({ timeout: 5000 });
  assert.equal(await active(), '100.5 N', 'what the station says is in force');
}
