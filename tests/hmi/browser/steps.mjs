// What several tests do: bring the station to a state by the console, as a physio would.
import assert from 'node:assert/strict';
import { axe } from './chromium.mjs';

export const stageOf = (page) => page.locator('[data-stage]').first().getAttribute('data-stage');

export async function untilStage(page, stages, timeoutMs) {
  const wanted = [stages].flat();
  await page.waitForFunction(
    (names) => names.includes(document.querySelector('[data-stage]')?.getAttribute('data-stage')),
    wanted,
    { timeout: timeoutMs, polling: 50 },
  );
}

export const load = async (page, which) => {
  const newtons = await page.locator(`[data-load="${which}"]`).getAttribute('data-newtons');
  return newtons === '' ? undefined : Number(newtons);
};

// In the middle of a set, with the load on the legs.
export const untilLoaded = (page, timeoutMs) =>
  page.waitForFunction(() => Number(document.querySelector('[data-load="measured"]')?.getAttribute('data-newtons')) > 80, null, { timeout: timeoutMs, polling: 20 });

// What a screen reader or a finger would stumble over.
export async function assertUsable(page, where) {
  const AxeBuilder = axe();
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze();
  assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`), [], where);
  const small = await page.evaluate(() =>
    [...document.querySelectorAll('button, summary, input, .rx-box')]
      .filter((element) => !element.closest('.rx-box') || element.matches('.rx-box'))
      .map((element) => ({ box: element.getBoundingClientRect(), words: element.textContent }))
      .filter(({ box }) => box.height > 0 && (box.height < 63.5 || box.width < 63.5))
      .map(({ words }) => words),
  );
  assert.deepEqual(small, [], `${where}: every target is 64 px or larger`);
}

// Clears a latched stop and presses Start, until a set runs. The simulated patient squeezes the grips.
export async function startSet(page, timeoutMs) {
  const until = Date.now() + timeoutMs;
  await untilStage(page, ['READY', 'STOPPED', 'DONE', 'RESTING', 'ARMED', 'COUNT_IN', 'TRAINING', 'UNLOADING'], timeoutMs);
  while (Date.now() < until) {
    const stage = await stageOf(page);
    if (stage === 'COUNT_IN' || stage === 'TRAINING') return;
    if (stage === 'STOPPED') await page.locator('.actions').getByRole('button', { name: 'Reset' }).click({ timeout: 2000 }).catch(() => {});
    else if (['READY', 'RESTING', 'DONE'].includes(stage)) await page.locator('.start').click({ timeout: 2000 }).catch(() => {});
    await page.waitForTimeout(500);
  }
  assert.fail(`no set began within ${timeoutMs / 1000} s; the stage is ${await stageOf(page)}`);
}
