// What several tests do: bring the station to a state by the console, as a physio would.
import assert from 'node:assert/strict';

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
