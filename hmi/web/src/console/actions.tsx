// The acts: Stop at once and without a question; Start arms, and hands start; ending a session asks again.
import { create } from '@bufbuild/protobuf';
import { signal } from '@preact/signals';
import {
  EndSessionSchema,
  ResetSchema,
  Stage,
  StartSchema,
  StopSchema,
  type Command,
} from '../gen/plinth/v1/plinth_pb';
import { text } from '../text/text';
import { aftermath, command, liveness, safety, session, stage } from '../wire/station';

type Act = 'start' | 'stop' | 'reset' | 'endSession';

interface Toast {
  title: string;
  hint: string;
}
const toast = signal<Toast | undefined>(undefined);
const TOAST_MS = 8000;
let toastTimer: ReturnType<typeof setTimeout> | undefined;

export function say(title: string, hint: string): void {
  toast.value = { title, hint };
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (toast.value = undefined), TOAST_MS);
}

function bodyOf(act: Act): Command['body'] {
  switch (act) {
    case 'start':
      return { case: 'start', value: create(StartSchema) };
    case 'stop':
      return { case: 'stop', value: create(StopSchema) };
    case 'reset':
      return { case: 'reset', value: create(ResetSchema) };
    case 'endSession':
      return { case: 'endSession', value: create(EndSessionSchema) };
  }
}

// Sends the act; a refusal and a lost answer are said aloud.
export async function act(what: Act): Promise<void> {
  await ask(bodyOf(what), what === 'stop');
}

export async function ask(body: Command['body'], stop = false): Promise<void> {
  const answer = await command(body);
  if (answer.case === 'refused') {
    say(answer.value.why, [answer.value.allowed, answer.value.nextStep].filter((words) => words !== '').join(' '));
  } else if (answer.case !== 'applied') {
    say(text(stop ? 'lost-stop' : 'lost-command'), text(stop ? 'lost-stop-hint' : 'lost-command-hint'));
  } else {
    toast.value = undefined;
  }
}

export function Toasts() {
  return (
    <div class="toast-room" role="status">
      {toast.value && (
        <div class="toast">
          <div>
            <strong>{toast.value.title}</strong>
            <span>{toast.value.hint}</span>
          </div>
          <button type="button" aria-label={text('toast-close')} onClick={() => (toast.value = undefined)}>
            <svg viewBox="0 0 24 24" width="28" height="28" aria-hidden="true">
              <path d="M5 5l14 14M19 5L5 19" stroke="currentColor" stroke-width="3" stroke-linecap="round" />
            </svg>
          </button>
        </div>
      )}
    </div>
  );
}

function StopButton() {
  // A finger's touch is enough; waiting for it to lift costs a tenth of a second. The click that follows it says so
  // by its count; keys and assistive tools click without a touch, and their click counts none.
  return (
    <button
      type="button"
      class="stop"
      onPointerDown={(event) => {
        if (event.button === 0) void act('stop');
      }}
      onClick={(event) => {
        if (event.detail === 0) void act('stop');
      }}
    >
      {text('stop')}
    </button>
  );
}

function StartButton() {
  const now = session.value;
  const armed = stage.value === Stage.ARMED;
  const possible = [Stage.READY, Stage.RESTING, Stage.DONE].includes(stage.value) && liveness.value !== 'gone';
  const next = stage.value === Stage.DONE ? 1 : Math.min((now?.set ?? 0) + 1, now?.sets ?? 1);
  return (
    <button type="button" class="act start" disabled={!possible} onClick={() => void act('start')}>
      {armed ? text('start-armed', { left: Math.ceil(safety.value?.armedLeftS ?? 0) }) : possible && now && now.sets > 0 ? text('start-next', { set: next }) : text('start')}
      {armed && <small>{text('start-armed-hint')}</small>}
    </button>
  );
}

const asking = signal(false);
let askingTimer: ReturnType<typeof setTimeout> | undefined;

function EndButton() {
  const running = [Stage.READY, Stage.ARMED, Stage.COUNT_IN, Stage.TRAINING, Stage.UNLOADING, Stage.RESTING].includes(stage.value);
  const begun = running && (session.value?.set ?? 0) > 0;
  const possible = begun || aftermath.value?.review === true;
  return (
    <button
      type="button"
      class="act"
      disabled={!possible || liveness.value === 'gone'}
      onClick={() => {
        clearTimeout(askingTimer);
        if (asking.value) void act('endSession');
        else askingTimer = setTimeout(() => (asking.value = false), 4000);
        asking.value = !asking.value;
      }}
    >
      {text(asking.value ? 'end-session-sure' : 'end-session')}
    </button>
  );
}

export function Actions() {
  return (
    <footer class="actions">
      <StopButton />
      <StartButton />
      <button type="button" class="act" disabled={stage.value !== Stage.STOPPED || liveness.value === 'gone'} onClick={() => void act('reset')}>
        {text('reset')}
      </button>
      <EndButton />
    </footer>
  );
}
