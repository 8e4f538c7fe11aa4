// Nobody needs a mouse, and a screen reader finds names for everything.
import assert from 'node:assert/strict';
import { axe } from './chromium.mjs';
import { untilStage } from './steps.mjs';

export const name = 'the console works from the keyboard and passes axe';

const ANY = ['READY', 'STOPPED', 'DONE', 'RESTING', 'NO_PRESCRIPTION', 'ARMED', 'COUNT_IN', 'TRAINING', 'UNLOADING'];

async function violations(page) {
  const AxeBuilder = axe();
  const { violations: found } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
}

export async function test({ open, timeoutMs }) {
  for (const path of ['/', '/patient', '/console', '/console#prescription']) {
    const page = await open(path);
    if (path !== '/') await untilStage(page, ANY, timeoutMs);
    assert.deepEqual(await violations(page), [], path);
  }

  const page = await open('/console#prescription');
  await untilStage(page, ANY, timeoutMs);
  const reached = new Set();
  for (let i = 0; i < 60; i += 1) {
    await page.keyboard.press('Tab');
    reached.add(await page.evaluate(() => document.activeElement?.getAttribute('name') ?? document.activeElement?.textContent?.trim()));
  }
  for (const wanted of ['Live', 'phase', 'mass_kg', 'load_n', 'lift_s', 'reps', 'Stop']) assert.ok(reached.has(wanted), `Tab reaches ${wanted}; saw ${[...reached]}`);

  const small = await page.evaluate(() =>
    [...document.querySelectorAll('button, .rx-box')].map((element) => element.getBoundingClientRect()).filter(({ height, width }) => height > 0 && (height < 63.5 || width < 63.5)).length,
  );
  assert.equal(small, 0, 'every target is 64 px or larger');
}
