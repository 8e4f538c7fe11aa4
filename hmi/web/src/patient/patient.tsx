// The patient's screen. One thing at a time, each with its own picture; it is touched only to answer after a stop.
import { Stage } from '../gen/plinth/v1/plinth_pb';
import { Panel } from '../parts/panel';
import { Watermark } from '../parts/watermark';
import { linkState, liveness, stage, telemetry } from '../wire/station';
import { Stopped } from './after_stop';
import { Armed, Connecting, Done, NoPicture, NoPrescription, Ready, Rest } from './covers';
import { GuidedSet } from './guided_set';
import { SoundSwitch } from './sound_switch';

function View() {
  if (telemetry.value === undefined && linkState.value !== 'mismatch') return <Connecting />;
  if (liveness.value === 'gone' || linkState.value === 'mismatch') return <NoPicture />;
  switch (stage.value) {
    case Stage.NO_PRESCRIPTION:
      return <NoPrescription />;
    case Stage.READY:
      return <Ready />;
    case Stage.ARMED:
      return <Armed />;
    case Stage.COUNT_IN:
    case Stage.TRAINING:
    case Stage.UNLOADING:
      return <GuidedSet />;
    case Stage.RESTING:
      return <Rest />;
    case Stage.DONE:
      return <Done />;
    case Stage.STOPPED:
      return <Stopped />;
    default:
      return <Connecting />;
  }
}

export function Patient() {
  return (
    <Panel>
      <main class={`patient is-${liveness.value}`} data-stage={Stage[stage.value]} data-liveness={liveness.value}>
        <View />
        <SoundSwitch />
        <Watermark />
      </main>
    </Panel>
  );
}
