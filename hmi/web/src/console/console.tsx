// The physio's console: live view and prescription; Stop is always there, whatever else is shown.
import { signal } from '@preact/signals';
import { Watermark } from '../parts/watermark';
import { Stage } from '../gen/plinth/v1/plinth_pb';
import { text } from '../text/text';
import { liveness, stage } from '../wire/station';
import { Actions, Toasts } from './actions';
import { AlarmBanner } from './banner';
import { Chips } from './chips';
import { Live } from './live';
import { PrescriptionView } from './prescription_view';
import { Mismatch, NoPicture } from './no_picture';

type Tab = 'live' | 'prescription';
const tab = signal<Tab>(location.hash === '#prescription' ? 'prescription' : 'live');

function TabButton({ of, words }: { of: Tab; words: string }) {
  return (
    <button type="button" class="tab" aria-current={tab.value === of ? 'page' : undefined} onClick={() => (tab.value = of)}>
      {words}
    </button>
  );
}

export function Console() {
  const planning = tab.value === 'prescription';
  return (
    <div class={`console ${planning ? 'light' : 'dark'} is-${liveness.value}`} data-stage={Stage[stage.value]} data-liveness={liveness.value}>
      <header>
        <h1>{text('app-name')}</h1>
        <nav aria-label={text('console-title')}>
          <TabButton of="live" words={text('tab-live')} />
          <TabButton of="prescription" words={text('tab-prescription')} />
        </nav>
        <Watermark />
        <Chips />
      </header>
      <AlarmBanner />
      <main>
        {planning ? <PrescriptionView /> : <Live />}
        {!planning && <NoPicture />}
        <Mismatch />
      </main>
      <Toasts />
      <Actions />
    </div>
  );
}
