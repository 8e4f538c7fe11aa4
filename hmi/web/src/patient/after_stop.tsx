// What the patient sees after a stop: what happened, one question, then what comes next. The one place where this
// screen is touched.
import { signal } from '@preact/signals';
import { Reasons, told } from '../parts/reasons';
import { wayNow } from '../parts/way_off';
import { text } from '../text/text';
import { aftermath, command, lowering, safety } from '../wire/station';

const unheard = signal(false); // the answer did not arrive

async function tell(reason: number): Promise<void> {
  const answer = await command(told(reason));
  unheard.value = answer.case !== 'applied';
}

export function Stopped() {
  const words = safety.value?.patientWords ?? '';
  const after = aftermath.value;
  const asks = after?.ask === true;
  const next = after?.review ? text('patient-review') : text(`patient-way-${wayNow()}`);
  return (
    <div class={asks ? 'cover asks' : 'cover'} role="status" data-asks={asks}>
      <h1>{words === '' ? text('stopped') : words}</h1>
      {asks ? (
        <>
          <p>{text('reason-question')}</p>
          <Reasons onTell={(reason) => void tell(reason)} />
          <p class="cover-next">{unheard.value ? text('reason-unheard') : lowering.value ? text('patient-way-lowering') : ''}</p>
        </>
      ) : (
        <>
          {after && after.reason !== 0 && <p>{text('reason-thanks', { reason: text(`reason-${after.reason}`) })}</p>}
          <p class="cover-next">{next}</p>
        </>
      )}
    </div>
  );
}
