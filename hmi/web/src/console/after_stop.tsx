// Beside the curves after a stop: what the person said of it, or the question; and the way off the machine.
import { signal } from '@preact/signals';
import { Role, Stage, StopReason } from '../gen/plinth/v1/plinth_pb';
import { Reasons, told } from '../parts/reasons';
import { WayOff } from '../parts/way_off';
import { text } from '../text/text';
import { aftermath, stage } from '../wire/station';
import { ask } from './actions';

const words = signal('');

async function tell(reason: StopReason): Promise<void> {
  await ask(told(reason, words.value));
  words.value = '';
}

function Question() {
  return (
    <>
      <div class="after-stop-ask">
        <strong>{text('reason-ask-the-person')}</strong>
        <label>
          <span>{text('reason-words')}</span>
          <input type="text" name="reason_words" maxLength={200} autoComplete="off" value={words.value} onInput={(event) => (words.value = event.currentTarget.value)} />
        </label>
      </div>
      <Reasons onTell={(reason) => void tell(reason)} />
    </>
  );
}

function Answer() {
  const after = aftermath.value;
  if (!after || after.reason === StopReason.UNSPECIFIED) return null;
  const by = after.toldBy === Role.PATIENT ? 'reason-patient-says' : 'reason-console-says';
  return (
    <p class="after-stop-says" data-reason={StopReason[after.reason]}>
      <strong>{text(by, { reason: text(`reason-${after.reason}`) })}</strong> {after.words !== '' && <q>{after.words}</q>}
    </p>
  );
}

export function AfterStop() {
  const after = aftermath.value;
  const stopped = stage.value === Stage.STOPPED && (after?.ask === true || after?.reason !== StopReason.UNSPECIFIED);
  if (!after || !(stopped || after.review)) return null;
  return (
    <section class="after-stop" aria-label={text('after-stop')}>
      {after.ask ? <Question /> : <Answer />}
      {after.review && <p class="after-stop-review">{text('review-needed')}</p>}
      {stopped && <WayOff />}
    </section>
  );
}
