// A stand-in for plinthd, to see and test the page without the daemon: it speaks the socket's language and plays
// a plausible session. It is no model of the station's rules; nothing about safety can be learnt from it.
//
//   node tests/hmi/fake_plinthd.mjs --socket /tmp/plinthd.sock [--auto] [--sets 2] [--reps 3] [--no-prescription]
//
// --auto presses Start by itself. The schema is read with protoc, so `npm ci` in hmi/web must have run.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const web = createRequire(join(root, 'hmi', 'web', 'package.json'));
const load = (name) => import(pathToFileURL(web.resolve(name)).href);
const { create, createFileRegistry, fromBinary, toBinary } = await load('@bufbuild/protobuf');
const { FileDescriptorSetSchema } = await load('@bufbuild/protobuf/wkt');

function schema() {
  const folder = mkdtempSync(join(tmpdir(), 'plinth-schema-'));
  const file = join(folder, 'plinth.pb');
  execFileSync('protoc', [`--descriptor_set_out=${file}`, `-I${join(root, 'proto')}`, 'plinth/v1/plinth.proto']);
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(file)));
  rmSync(folder, { recursive: true });
  return (name) => registry.getMessage(`plinth.v1.${name}`);
}
const message = schema();
const ServerFrame = message('ServerFrame');
const ClientFrame = message('ClientFrame');

const { values: options } = parseArgs({
  options: {
    socket: { type: 'string' },
    auto: { type: 'boolean', default: false },
    sets: { type: 'string', default: '2' },
    reps: { type: 'string', default: '3' },
    'no-prescription': { type: 'boolean', default: false },
  },
});

const PERIOD_MS = 25;
const Stage = { NoPrescription: 1, Ready: 2, Armed: 3, CountIn: 4, Training: 5, Unloading: 6, Resting: 7, Done: 8, Stopped: 9 };
const Moment = { Idle: 1, RampIn: 2, Lifting: 3, Holding: 4, Lowering: 5, Resting: 6, Unloading: 7 };
const MOMENTS = [
  { moment: Moment.Lifting, cue: 'lift', breath: 'out', field: 'liftS' },
  { moment: Moment.Holding, cue: 'hold', breath: 'free', field: 'holdS' },
  { moment: Moment.Lowering, cue: 'lower', breath: 'in', field: 'lowerS' },
  { moment: Moment.Resting, cue: 'rest', breath: 'in', field: 'restS' },
];

const defaults = (phase, low, high, loadN, tempo, sets, reps) => ({
  exercise: 1, phase, rangeLowDeg: low, rangeHighDeg: high, loadN, eccentricRatio: 1,
  liftS: tempo[0], holdS: tempo[1], lowerS: tempo[2], restS: tempo[3], holdToleranceDeg: 4,
  liftingStopSpeedDegS: 60, loweringStopSpeedDegS: 60, sets, reps, restBetweenSetsS: 90, legSupport: 0,
});
const PHASES = [
  { defaults: defaults(1, -45, -10, 30, [3, 2, 4, 1], 2, 8), rangeDeg: { low: -45, high: -10 }, loadNPerKg: { low: 0, high: 1 }, eccentricRatio: { low: 1, high: 1 }, sets: { low: 1, high: 3 }, reps: { low: 4, high: 12 }, stopSpeedDegS: 60, weeks: '1–4' },
  { defaults: defaults(2, -60, -5, 80, [2, 1, 4, 0], 3, 10), rangeDeg: { low: -60, high: -5 }, loadNPerKg: { low: 0, high: 2.5 }, eccentricRatio: { low: 1, high: 1.2 }, sets: { low: 1, high: 4 }, reps: { low: 4, high: 15 }, stopSpeedDegS: 80, weeks: '5–8' },
  { defaults: defaults(3, -70, 5, 120, [2, 1, 3, 0], 3, 10), rangeDeg: { low: -70, high: 5 }, loadNPerKg: { low: 0, high: 4 }, eccentricRatio: { low: 1, high: 1.4 }, sets: { low: 1, high: 5 }, reps: { low: 3, high: 15 }, stopSpeedDegS: 100, weeks: '9–16' },
  { defaults: defaults(4, -65, 0, 100, [2, 1, 3, 0], 2, 12), rangeDeg: { low: -65, high: 0 }, loadNPerKg: { low: 0, high: 3 }, eccentricRatio: { low: 1, high: 1.3 }, sets: { low: 1, high: 4 }, reps: { low: 4, high: 15 }, stopSpeedDegS: 90, weeks: 'after 16' },
];
const MACHINE = {
  rangeDeg: { low: -80, high: 20 }, loadN: 400, shortestLiftS: 1, shortestLowerS: 1,
  holdS: { low: 0.5, high: 10 }, restS: { low: 0, high: 10 }, restBetweenSetsS: { low: 5, high: 300 },
};

const WORDS = {
  boot: ['The station has just started.', 'The controller has just started.', 'Look at the person, then press Reset.'],
  console_stop: ['Stopped. Stay where you are.', 'Stop was pressed at the console.', 'See why, then press Reset.'],
};

class Station {
  prescription = options['no-prescription']
    ? undefined
    : { ...PHASES[1].defaults, person: { massKg: 78, heightM: 1.75, strengthNm: 160 }, sets: Number(options.sets), reps: Number(options.reps), restBetweenSetsS: 8 };
  stage = Stage.Stopped;
  cause = 'boot';
  stageLeft = 0;
  stageLength = 0;
  part = 0;
  partLeft = 0;
  set = 0;
  rep = 0;
  counted = 0;
  total = 0;
  lastEnd = '';
  lastRep;
  angle = -66;
  lag = 0;
  applied = 0;
  inTube = [0, 0];
  cycle = 0;
  startedAt = Date.now();

  enter(stage, seconds) {
    this.stage = stage;
    this.stageLeft = seconds;
    this.stageLength = seconds;
  }
  get course() {
    const { rangeLowDeg, rangeHighDeg } = this.prescription;
    return { bottom: rangeLowDeg + 4, top: rangeHighDeg - 4 };
  }
  get length() {
    return this.prescription[MOMENTS[this.part].field];
  }
  target() {
    const { bottom, top } = this.course;
    const p = this.length > 0 ? 1 - this.partLeft / this.length : 1;
    const curve = (from, to) => [from + ((to - from) * (1 - Math.cos(Math.PI * p))) / 2, ((to - from) * Math.PI * Math.sin(Math.PI * p)) / (2 * this.length)];
    return [curve(bottom, top), [top, 0], curve(top, bottom), [bottom, 0]][this.part];
  }
  step(dt) {
    this.cycle += 1;
    this.stageLeft = Math.max(0, this.stageLeft - dt);
    const done = this.stageLeft === 0;
    const t = this.cycle * dt;
    const load = this.prescription?.loadN ?? 0;
    const toward = (goal, rate) => (this.angle += Math.max(-rate * dt, Math.min(rate * dt, goal - this.angle)));
    switch (this.stage) {
      case Stage.Stopped:
        this.applied = Math.max(0, this.applied - (load * dt) / 0.3);
        toward(-66, 10);
        break;
      case Stage.Ready:
        if (options.auto && this.cycle % 80 === 0) this.start();
        break;
      case Stage.Armed:
        if (done) this.enter(Stage.CountIn, 3);
        break;
      case Stage.CountIn:
        this.applied = load * (1 - this.stageLeft / this.stageLength);
        toward(this.course.bottom, 8);
        if (done) {
          this.enter(Stage.Training, 0);
          this.rep = 1;
          this.counted = 0;
          this.inTube = [0, 0];
          this.part = 0;
          this.partLeft = this.length;
        }
        break;
      case Stage.Training: {
        const [target, speed] = this.target();
        const wobble = 2 * Math.sin(t * 1.7) + 1.2 * Math.sin(t * 4.1) + (this.rep === 2 && this.part === 1 ? -7 * Math.sin(Math.PI * Math.min(1, this.partLeft / this.length)) : 0);
        this.angle += (target + wobble - 0.1 * speed - this.angle) * Math.min(1, dt * 12);
        this.inTube[1] += 1;
        if (Math.abs(this.angle - target) <= 4 + 0.25 * Math.abs(speed)) this.inTube[0] += 1;
        this.partLeft = Math.max(0, this.partLeft - dt);
        while (this.partLeft === 0 && this.stage === Stage.Training) this.nextMoment();
        break;
      }
      case Stage.Unloading:
        this.applied = Math.max(0, this.applied - (load * dt) / 0.3);
        toward(-66, 10);
        if (done) {
          if (this.set >= this.prescription.sets) this.enter(Stage.Done, 0);
          else this.enter(Stage.Resting, this.prescription.restBetweenSetsS);
        }
        break;
      case Stage.Resting:
        if (done && options.auto) this.start();
        else if (done) this.enter(Stage.Ready, 0);
        break;
      default:
        break;
    }
  }
  nextMoment() {
    this.part = (this.part + 1) % 4;
    this.partLeft = this.length;
    if (this.part !== 3) return;
    this.counted += 1;
    this.total += 1;
    this.lastRep = { number: this.rep, counted: true, inTubeLift: 0.9, inTubeHold: 0.95, inTubeLower: 0.85, topDeg: this.course.top - 1, bottomDeg: this.course.bottom + 1, holdSpreadDeg: 0.8, peakLiftDegS: 40, peakLowerDegS: 22, leftShare: 0.53 };
    if (this.rep === this.prescription.reps) {
      this.lastEnd = 'completed';
      this.enter(Stage.Unloading, 2.5);
    } else {
      this.rep += 1;
    }
  }
  start() {
    this.set = this.stage === Stage.Done ? 1 : this.set + 1;
    this.told = undefined;
    this.lastEnd = '';
    this.rep = 0;
    this.counted = 0;
    this.enter(Stage.Armed, 1.5);
  }
  stop(cause) {
    if ([Stage.CountIn, Stage.Training, Stage.Unloading].includes(this.stage)) this.lastEnd = 'stopped';
    this.cause = cause;
    this.enter(Stage.Stopped, 0);
  }
  aftermath() {
    const stopped = this.lastEnd === 'stopped';
    const reason = stopped ? (this.told?.reason ?? 0) : 0;
    return { ask: stopped && reason === 0 && this.stage === Stage.Stopped, reason, words: this.told?.words ?? '', toldBy: reason ? this.told.role : 0, review: reason === 1 || reason === 3 };
  }
  picture() {
    const training = this.stage === Stage.Training;
    const counting = this.stage === Stage.CountIn;
    const moving = training || counting;
    const [target, speed] = training ? this.target() : counting ? [this.course.bottom, 0] : [undefined, 0];
    const now = MOMENTS[this.part];
    const noise = 3 * Math.sin(this.cycle / 3) + 2 * Math.sin(this.cycle / 7);
    const measured = Math.max(0, this.applied + (this.applied > 1 ? noise : 0));
    const rx = this.prescription;
    const gripped = moving || (this.stage === Stage.Armed && this.stageLeft < 0.3);
    const words = this.stage === Stage.Stopped ? WORDS[this.cause] : ['', '', ''];
    return {
      cycle: BigInt(this.cycle), atMs: BigInt(Date.now() - this.startedAt + 5000),
      arm: { angleDeg: this.angle, velocityDegS: speed, secondAngleDeg: this.angle },
      load: { setN: rx?.loadN ?? 0, appliedN: this.applied, measuredN: measured, leftN: measured * 0.53 + 4 * Math.sin(this.cycle / 17), rightN: measured * 0.47 - 3 * Math.sin(this.cycle / 13), torqueNm: this.applied * 0.79 },
      body: { present: true, leftGrip: gripped || this.stage === Stage.Armed && this.stageLeft < 0.8, rightGrip: gripped },
      session: {
        stage: this.stage,
        moment: training ? now.moment : counting ? Moment.RampIn : this.stage === Stage.Unloading ? Moment.Unloading : Moment.Idle,
        cue: training ? now.cue : counting ? 'get_ready' : '', breath: training ? now.breath : '',
        set: this.set, sets: rx?.sets ?? 0, rep: moving ? this.rep : 0, reps: rx?.reps ?? 0,
        repsCounted: this.counted, repsCountedTotal: this.total,
        momentLeftS: training ? this.partLeft : this.stageLeft, momentLengthS: training ? this.length : this.stageLength,
        targetDeg: target, targetVelocityDegS: target === undefined ? undefined : speed,
        toleranceDeg: target === undefined ? undefined : 4 + 0.25 * Math.abs(speed),
        rangeLowDeg: moving ? rx.rangeLowDeg : undefined, rangeHighDeg: moving ? rx.rangeHighDeg : undefined,
        inTube: this.inTube[1] ? this.inTube[0] / this.inTube[1] : 0, lastSetEnd: this.lastEnd, lastRep: this.lastRep,
      },
      safety: {
        permission: moving ? 4 : this.stage === Stage.Armed ? 3 : this.stage === Stage.Stopped ? 1 : 2,
        action: this.stage === Stage.Stopped ? 'release' : 'allow',
        cause: this.stage === Stage.Stopped ? this.cause : '', latch: this.stage === Stage.Stopped ? 'therapist' : 'none',
        patientWords: words[0], physioWords: words[1], nextStep: words[2],
        armedLeftS: this.stage === Stage.Armed ? 8.5 + this.stageLeft : 0, active: [],
        released: this.applied < 0.1 * (rx?.loadN ?? 0), heldUp: false,
      },
      units: { drive: { connected: true, ageMs: 8 }, hub: { connected: true, ageMs: 9 }, limitsConfirmed: true, watchdogProven: true, brakeReleased: moving, estopClosed: true },
      aftermath: this.aftermath(),
      loop: { realTime: true, periodMs: 10, lateCycles: 0n, worstLatenessMs: 0.2, answersMissed: 0n },
    };
  }
  welcome() {
    return { protocolVersion: 1, server: 'fake plinthd', simulation: true, telemetry: this.picture(), prescription: this.prescription, phases: PHASES, machine: MACHINE };
  }
  // Gives Applied or Refused.
  command(body, role) {
    const refuse = (code, why, nextStep, field = '', allowed = '') => ({ case: 'refused', value: { code, why, allowed, nextStep, field, details: [] } });
    const applied = () => ({ case: 'applied', value: { prescription: this.prescription } });
    switch (body.case) {
      case 'stop':
        if (this.stage !== Stage.NoPrescription) this.stop('console_stop');
        return applied();
      case 'reset':
        if (this.stage !== Stage.Stopped) return refuse('nothing_to_reset', 'No stop is latched.', 'Press Start when the person is ready.');
        this.enter(this.prescription ? Stage.Ready : Stage.NoPrescription, 0);
        this.set = 0;
        return applied();
      case 'start':
        if (this.aftermath().review) return refuse('review_needed', 'After what the person told, nothing more is trained in this session: sharp pain.', 'See to the person, then end the session.');
        if (this.stage === Stage.Stopped) return refuse('latched', 'A stop is latched.', 'Press Reset first.');
        if (![Stage.Ready, Stage.Resting, Stage.Done].includes(this.stage)) return refuse('already_running', 'A set is running already.', 'Wait for its end, or stop it.');
        this.start();
        return applied();
      case 'endSession':
        this.lastEnd = '';
        this.enter(Stage.Done, 0);
        return applied();
      case 'tellReason':
        this.told = { ...body.value, role };
        return applied();
      case 'setPrescription':
        return this.prescribe(body.value.prescription, refuse, applied);
      default:
        return applied();
    }
  }
  prescribe(draft, refuse, applied) {
    const phase = PHASES[(draft.phase || 1) - 1];
    const given = Object.fromEntries(Object.entries(draft).filter(([, value]) => value !== undefined));
    const rx = { ...phase.defaults, ...given };
    const most = phase.loadNPerKg.high * (rx.person?.massKg ?? 0);
    const details = [];
    const bad = (...refusal) => details.push(refuse(...refusal).value);
    if (rx.rangeLowDeg >= rx.rangeHighDeg) bad('range_inverted', 'The range ends before it begins.', 'Make the lowest angle smaller than the highest.', 'range_low_deg');
    if (rx.rangeHighDeg > phase.rangeDeg.high) bad('range_outside_phase', `${rx.rangeHighDeg}° is above what this phase allows.`, 'Lower it, or choose a later phase.', 'range_high_deg', `${phase.rangeDeg.low} to ${phase.rangeDeg.high}°`);
    if (rx.loadN > most) bad('load_above_phase', `${rx.loadN} N is more than this phase allows for ${rx.person?.massKg} kg.`, 'Lower the load, or choose a later phase.', 'load_n', `0 to ${most.toFixed(0)} N`);
    if (rx.reps > phase.reps.high) bad('reps_outside', `${rx.reps} reps are more than this phase allows.`, 'Prescribe fewer reps or more sets.', 'reps', `${phase.reps.low} to ${phase.reps.high}`);
    if (details.length > 0) return { case: 'refused', value: { ...details[0], details } };
    this.prescription = rx;
    if (this.stage === Stage.NoPrescription || this.stage === Stage.Done) this.enter(Stage.Ready, 0);
    this.set = 0;
    return applied();
  }
}

function varint(value) {
  const bytes = [];
  for (; value >= 0x80; value >>>= 7) bytes.push((value & 0x7f) | 0x80);
  return Buffer.from([...bytes, value]);
}
function* frames(connection) {
  for (;;) {
    let size = 0;
    let at = 0;
    for (let shift = 0; ; shift += 7) {
      if (at >= connection.bytes.length) return;
      const byte = connection.bytes[at++];
      size |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    if (connection.bytes.length < at + size) return;
    yield connection.bytes.subarray(at, at + size);
    connection.bytes = connection.bytes.subarray(at + size);
  }
}

const station = new Station();
const connections = new Set();
const build = (body) => toBinary(ServerFrame, create(ServerFrame, { body }));
const full = (name, value) => create(message(name), value);
// create() wants whole messages inside a oneof; plain objects inside messages are fine.
const bodies = {
  welcome: () => ({ case: 'welcome', value: full('Welcome', station.welcome()) }),
  telemetry: () => ({ case: 'telemetry', value: full('Telemetry', station.picture()) }),
  outcome: (id, { case: kind, value }) => ({
    case: 'outcome',
    value: full('Outcome', { id, body: { case: kind, value: full(kind === 'applied' ? 'Applied' : 'Refused', value) } }),
  }),
};
const send = (socket, body) => {
  const bytes = build(body);
  socket.write(Buffer.concat([varint(bytes.length), bytes]));
};

rmSync(options.socket, { force: true });
createServer((socket) => {
  const connection = { bytes: Buffer.alloc(0), greeted: false, socket };
  connections.add(connection);
  socket.on('data', (data) => {
    connection.bytes = Buffer.concat([connection.bytes, data]);
    for (const bytes of frames(connection)) {
      const { body } = fromBinary(ClientFrame, bytes);
      if (body.case === 'hello') {
        connection.greeted = true;
        connection.role = body.value.role;
        send(socket, bodies.welcome());
      } else if (body.case === 'command') {
        send(socket, bodies.outcome(body.value.id, station.command(body.value.body, connection.role)));
      }
    }
  });
  const gone = () => {
    const watched = connections.delete(connection) && connection.role === 2;
    const inASet = () => [Stage.CountIn, Stage.Training].includes(station.stage);
    if (watched && inASet()) setTimeout(() => inASet() && station.stop('console_stop'), 2000);
  };
  socket.on('close', gone);
  socket.on('error', gone);
}).listen(options.socket, () => console.log(`listening ${options.socket}`));

if (options.auto) station.command({ case: 'reset' });
setInterval(() => {
  station.step(PERIOD_MS / 1000);
  const body = bodies.telemetry();
  for (const { socket, greeted } of connections) {
    if (greeted) send(socket, body);
  }
}, PERIOD_MS);
