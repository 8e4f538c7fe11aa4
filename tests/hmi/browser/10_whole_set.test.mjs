// The patient's page shows a set to its end.
import assert from 'node:assert/strict';
import { startSet, untilStage } from './steps.mjs';

export const name = 'a set is shown to its end, rep by rep';

export async function test({ open, artifact, timeoutMs }) {
  const console = await open('/console');
  const patient = await open('/patient');
  await startSet(console, timeoutMs);
  await untilStage(patient, ['COUNT_IN', 'TRAINING'], timeoutMs);
  await patient.screenshot({ path: artifact('patient-count-in') });
  await untilStage(patient, 'TRAINING', timeoutMs);

  const seen = [];
  const cues = new Set();
  let pictured = false;
  for (;;) {
    const now = await patient.evaluate(() => {
      const rep = document.querySelector('.rep');
      return {
        stage: document.querySelector('[data-stage]')?.getAttribute('data-stage'),
        rep: rep ? Number(rep.getAttribute('data-rep')) : undefined,
        reps: document.querySelector('.rep-of')?.textContent ?? '',
        cue: document.querySelector('.cue h1')?.textContent ?? '',
        seconds: document.querySelector('.ring-number')?.textContent ?? '',
      };
    });
    if (now.stage !== 'TRAINING') {
      assert.notEqual(now.stage, 'STOPPED', 'the set was stopped');
      break;
    }
    if (now.rep !== undefined && now.rep !== seen.at(-1)) seen.push(now.rep);
    cues.add(now.cue);
    assert.match(now.seconds, /^\d+$/);
    if (!pictured && now.rep >= 2 && now.cue.startsWith('Lift')) {
      await patient.waitForTimeout(700);
      await patient.screenshot({ path: artifact('patient') });
      await console.screenshot({ path: artifact('console') });
      pictured = true;
    }
    await patient.waitForTimeout(60);
  }
  await untilStage(patient, ['UNLOADING', 'RESTING', 'DONE', 'READY'], timeoutMs);
  await patient.screenshot({ path: artifact('patient-after-the-set') });

  const expected = seen.map((_, index) => index + 1);
  assert.deepEqual(seen, expected, 'the rep number counts up from 1 without a gap');
  assert.ok(seen.length >= 2, `a set of several reps; saw ${seen}`);
  for (const cue of ['Lift slowly', 'Lower slowly']) assert.ok(cues.has(cue), `the word "${cue}" was shown; saw ${[...cues]}`);

  await untilStage(console, ['RESTING', 'DONE', 'READY'], timeoutMs);
  const counted = await console.locator('.rep-now').getAttribute('data-total');
  assert.ok(Number(counted) >= seen.length, `the console counted ${counted} reps`);
  assert.equal(await patient.locator('.watermark').count(), 1, 'a simulated station says so');
}
