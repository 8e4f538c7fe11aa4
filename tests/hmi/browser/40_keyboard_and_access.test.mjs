// Nobody needs a mouse, and a screen reader finds names for everything.
import assert from 'node:assert/strict';
import { assertUsable, untilStage } from './steps.mjs';

export const name = 'the console works from the keyboard and passes axe';

const ANY = ['READY', 'STOPPED', 'DONE', 'RESTING', 'NO_PRESCRIPTION', 'ARMED', 'COUNT_IN', 'TRAINING', 'UNLOADING'];

// A ClientFrame (tag 0x12: command) that holds a Stop (tag 0x22, of no length).
const isStop = (frame) => frame[0] === 0x12 && frame.includes(Buffer.from([0x22, 0x00]));

// One press, one Stop, however it is given; and a press that is not finished takes nothing from the next.
async function stopsFromEveryHand(open, timeoutMs) {
  let stops = 0;
  const page = await open('/console', { onSent: (frame) => (stops += isStop(frame) ? 1 : 0) });
  await untilStage(page, ANY, timeoutMs);
  const button = page.getByRole('button', { name: 'Stop', exact: true });
  const { x, y } = await button.boundingBox();
  const sent = async (count, what) => {
    await page.waitForTimeout(300);
    assert.equal(stops, count, what);
  };
  await page.mouse.move(x + 40, y + 40);
  await page.mouse.down();
  await page.mouse.move(x + 40, y - 200);
  await page.mouse.up();
  await sent(1, 'a finger that slides off has pressed');
  await button.focus();
  await page.keyboard.press('Enter');
  await sent(2, 'Enter after it');
  await page.keyboard.press('Space');
  await sent(3, 'the space bar');
  await button.click();
  await sent(4, 'a whole click is one Stop');
  await button.evaluate((element) => element.click());
  await sent(5, 'an assistive click');
}

export async function test({ open, timeoutMs }) {
  for (const path of ['/', '/patient', '/console', '/console#prescription']) {
    const page = await open(path);
    if (path !== '/') await untilStage(page, ANY, timeoutMs);
    await assertUsable(page, path);
  }

  const page = await open('/console#prescription');
  await untilStage(page, ANY, timeoutMs);
  const reached = new Set();
  for (let i = 0; i < 60; i += 1) {
    await page.keyboard.press('Tab');
    reached.add(await page.evaluate(() => document.activeElement?.getAttribute('name') ?? document.activeElement?.textContent?.trim()));
  }
  for (const wanted of ['Live', 'phase', 'mass_kg', 'load_n', 'lift_s', 'reps', 'Stop']) assert.ok(reached.has(wanted), `Tab reaches ${wanted}; saw ${[...reached]}`);

  await stopsFromEveryHand(open, timeoutMs);
}
