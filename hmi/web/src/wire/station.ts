// What the page knows of the station: the newest picture, how old it is, the prescription in force, the last
// twenty-odd seconds. Written only by what the station sends.
import { computed, signal } from '@preact/signals';
import {
  Stage,
  type MachineCeiling,
  type PhaseDefaults,
  type Prescription,
  type ServerFrame,
  type Telemetry,
  type Role,
} from '../gen/plinth/v1/plinth_pb';
import { Freshness, type Liveness } from './freshness';
import { History } from './history';
import { Link, type LinkState, type Trouble } from './link';

export const telemetry = signal<Telemetry | undefined>(undefined);
export const prescription = signal<Prescription | undefined>(undefined);
export const phases = signal<PhaseDefaults[]>([]);
export const machine = signal<MachineCeiling | undefined>(undefined);
export const simulation = signal(false);
export const linkState = signal<LinkState>('connecting');
export const trouble = signal<Trouble | undefined>(undefined); // why there is no connection, or was none last
export const liveness = signal<Liveness>('gone');
export const ageMs = signal(Infinity);

export const history = new History();
export const freshness = new Freshness();

export const session = computed(() => telemetry.value?.session);
export const safety = computed(() => telemetry.value?.safety);
export const stage = computed(() => session.value?.stage ?? Stage.UNSPECIFIED);
export const aftermath = computed(() => telemetry.value?.aftermath);
// Where the leg is now. Nothing once the picture is not fresh: who sets a range by it sets it by the leg.
export const angleNowDeg = computed(() => (liveness.value === 'live' ? telemetry.value?.arm?.angleDeg : undefined));
// The legs are on their way down, as the drive itself says: no more than that is promised.
export const lowering = computed(() => {
  const units = telemetry.value?.units;
  return stage.value === Stage.STOPPED && units?.drive?.connected === true && units.brakeReleased;
});

function show(picture: Telemetry): void {
  const now = performance.now();
  freshness.received(Number(picture.atMs), now);
  history.add(picture);
  telemetry.value = picture;
  liveness.value = freshness.liveness(now);
  ageMs.value = freshness.ageMs(now);
}

function receive(frame: ServerFrame): void {
  const { body } = frame;
  switch (body.case) {
    case 'welcome':
      freshness.forget();
      history.clear();
      simulation.value = body.value.simulation;
      prescription.value = body.value.prescription;
      phases.value = body.value.phases;
      machine.value = body.value.machine;
      if (body.value.telemetry) show(body.value.telemetry);
      break;
    case 'telemetry':
      show(body.value);
      break;
    case 'prescription':
      prescription.value = body.value;
      break;
    case 'outcome':
      if (body.value.body.case === 'applied' && body.value.body.value.prescription) {
        prescription.value = body.value.body.value.prescription;
      }
      break;
    default:
      break;
  }
}

let link: Link | undefined;

export function connect(role: Role): void {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  link = new Link({
    url: `${scheme}://${location.host}/ws`,
    role,
    onFrame: receive,
    onState: (state, why) => {
      linkState.value = state;
      if (why || state === 'open') trouble.value = why;
    },
  });
  link.start();
  // The cover must come even when nothing else does.
  setInterval(() => {
    const now = performance.now();
    liveness.value = freshness.liveness(now);
    ageMs.value = freshness.ageMs(now);
  }, 50);
}

export const command: Link['command'] = (body) => link?.command(body) ?? Promise.resolve({ case: 'lost' });
