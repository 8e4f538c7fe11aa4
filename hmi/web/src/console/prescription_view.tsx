// The form in which a physio sets the next session. "Active" is only ever what the station said.
import { create } from '@bufbuild/protobuf';
import { computed, effect, signal, untracked } from '@preact/signals';
import { Phase, PrescriptionSchema, SetPrescriptionSchema, Stage, type Refused } from '../gen/plinth/v1/plinth_pb';
import { brief, parsed, shown } from '../text/numbers';
import { text } from '../text/text';
import { angleNowDeg, command, machine, phases, prescription, stage } from '../wire/station';
import {
  draftOf,
  FIELDS,
  hintFor,
  marksOf,
  prescriptionOf,
  read,
  refusalsOf,
  valueIn,
  withPhase,
  type Draft,
  type FieldName,
  type Problem,
  type Refusals,
} from './form';
import { RangeArc } from './range_arc';

const draft = signal<Draft>(draftOf(undefined));
const touched = signal(false);
const NOTHING: Refusals = { byField: new Map(), general: [] };
const refusals = signal<Refusals>(NOTHING);
const tried = signal(false); // problems are told after the first attempt, not while typing
const status = signal<'' | 'sending' | 'applied' | 'lost'>('');

const marks = computed(() => marksOf(draft.value, prescription.value));
const problems = computed(() => read(draft.value).problems);
const phaseDefaults = computed(() => phases.value.find(({ defaults }) => defaults?.phase === draft.value.phase));

// An untouched form follows what is active.
effect(() => {
  const active = prescription.value;
  if (!untracked(() => touched.value)) draft.value = draftOf(active);
});

function type(name: FieldName, typed: string): void {
  draft.value = { ...draft.value, typed: { ...draft.value.typed, [name]: typed } };
  touched.value = true;
  status.value = '';
  const byField = new Map(refusals.value.byField);
  byField.delete(name);
  refusals.value = { ...refusals.value, byField };
}

function choosePhase(phase: Phase): void {
  const defaults = phases.value.find((one) => one.defaults?.phase === phase);
  draft.value = withPhase(draft.value, phase, defaults);
  touched.value = true;
  status.value = '';
  refusals.value = NOTHING;
}

function discard(): void {
  draft.value = draftOf(prescription.value);
  touched.value = false;
  tried.value = false;
  status.value = '';
  refusals.value = NOTHING;
}

// After a refusal the first field that needs a hand has the focus.
function focusFirstTrouble(): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>('.rx [aria-invalid="true"]')?.focus());
}

async function submit(): Promise<void> {
  tried.value = true;
  if (problems.value.size > 0) {
    focusFirstTrouble();
    return;
  }
  status.value = 'sending';
  const answer = await command({
    case: 'setPrescription',
    value: create(SetPrescriptionSchema, {
      prescription: create(PrescriptionSchema, prescriptionOf(draft.value, prescription.value)),
    }),
  });
  if (answer.case === 'applied') {
    discard();
    status.value = 'applied';
  } else if (answer.case === 'refused') {
    status.value = '';
    refusals.value = refusalsOf(answer.value);
    focusFirstTrouble();
  } else {
    status.value = 'lost';
  }
}

function Mark({ name }: { name: FieldName }) {
  const mark = marks.value.get(name);
  if (mark !== 'looser' && mark !== 'tighter') return null;
  return (
    <svg class={`mark ${mark}`} viewBox="0 0 20 20" width="20" height="20" role="img" aria-label={text(`rx-mark-${mark}`)}>
      <path d={mark === 'looser' ? 'M10 2l9 16H1z' : 'M10 18L1 2h18z'} fill="currentColor" />
    </svg>
  );
}

// With a label above, the unit stands there; without, in the box.
function Input({ name, label }: { name: FieldName; label?: string }) {
  const spec = FIELDS[name];
  const unit = spec.unit === undefined ? '' : text(spec.unit);
  const above = label === undefined ? undefined : unit === '' ? label : `${label}, ${unit}`;
  const problem = tried.value ? problems.value.get(name) : undefined;
  const bad = problem !== undefined || refusals.value.byField.has(name);
  const fallback = phaseDefaults.value?.defaults && valueIn(phaseDefaults.value.defaults, name);
  return (
    <label class="rx-input">
      <span class={above === undefined ? 'visually-hidden' : 'rx-input-label'}>{above ?? text(spec.label)}</span>
      <span class={bad ? 'rx-box bad' : 'rx-box'}>
        <input
          type="text"
          inputMode="decimal"
          autoComplete="off"
          name={name}
          aria-invalid={bad}
          aria-describedby={bad ? `trouble-${name}` : undefined}
          placeholder={fallback === undefined ? '' : brief(fallback)}
          value={draft.value.typed[name]}
          onInput={(event) => type(name, event.currentTarget.value)}
        />
        {above === undefined && unit !== '' && <span class="rx-unit">{unit}</span>}
        {spec.looser !== undefined && <Mark name={name} />}
      </span>
    </label>
  );
}

function Why({ refused }: { refused: Refused }) {
  return (
    <p>
      <b>{refused.why}</b> {refused.allowed !== '' && text('rx-allowed-words', { allowed: refused.allowed })} {refused.nextStep}
    </p>
  );
}

// Why the fields of a row were not taken, right under them.
function Trouble({ names }: { names: readonly (FieldName | 'phase')[] }) {
  const found = names.flatMap((name) => {
    const problem: Problem | undefined = tried.value ? problems.value.get(name) : undefined;
    const refused = refusals.value.byField.get(name) ?? [];
    return problem || refused.length > 0 ? [{ name, problem, refused }] : [];
  });
  if (found.length === 0) return null;
  return (
    <div class="trouble">
      {found.map(({ name, problem, refused }) => (
        <div key={name} id={`trouble-${name}`} data-trouble={name}>
          {problem && (
            <p>
              <b>{text(problem)}</b> {problem === 'rx-not-a-number' && text('rx-not-a-number-next')}
            </p>
          )}
          {refused.map((one) => (
            <Why key={one.code} refused={one} />
          ))}
        </div>
      ))}
    </div>
  );
}

function activeWords(names: readonly FieldName[], join: string): string {
  const values = names.map((name) => valueIn(prescription.value, name));
  if (values.some((value) => value === undefined)) return text('rx-none');
  if (names[0] === 'sets') {
    return text('rx-dose', { sets: brief(values[0]!), reps: brief(values[1]!), rest: brief(values[2]!) });
  }
  const unit = FIELDS[names[0]!].unit;
  const space = unit === 'unit-deg' || unit === undefined ? '' : ' ';
  return values.map((value) => brief(value!)).join(join) + space + (unit === undefined ? '' : text(unit));
}

function hintWords(name: FieldName): string {
  const hint = hintFor(name, phaseDefaults.value, machine.value, parsed(draft.value.typed.mass_kg));
  const { unit } = FIELDS[name];
  return hint ? text('rx-allowed', { ...hint, unit: unit === undefined ? '' : text(unit) }) : '';
}

interface RowProps {
  label: string;
  names: readonly FieldName[];
  join?: string;
  labels?: readonly string[];
}

function Row({ label, names, join = '', labels }: RowProps) {
  const hint = names.length === 1 || names[0] === 'range_low_deg' ? hintWords(names[0]!) : '';
  return (
    <>
      <div class="rx-row" role="group" aria-label={label}>
        <div class="rx-label">
          {label}
          {hint !== '' && <small>{hint}</small>}
        </div>
        <div class="rx-active">{activeWords(names, join)}</div>
        <div class="rx-drafts">
          {names.map((name, index) => (
            <Input key={name} name={name} {...(labels?.[index] === undefined ? {} : { label: labels[index] })} />
          ))}
        </div>
      </div>
      <Trouble names={names} />
    </>
  );
}

function Person() {
  const bad = tried.value && draft.value.phase === Phase.UNSPECIFIED;
  return (
    <div class="rx-person">
      <label class="rx-input">
        <span class="rx-input-label">{text('rx-phase')}</span>
        <span class={bad ? 'rx-box bad' : 'rx-box'}>
          <select name="phase" aria-invalid={bad} value={draft.value.phase} onChange={(event) => choosePhase(Number(event.currentTarget.value))}>
            {[Phase.UNSPECIFIED, ...phases.value.map(({ defaults }) => defaults?.phase ?? Phase.UNSPECIFIED)].map((phase) => (
              <option key={phase} value={phase} disabled={phase === Phase.UNSPECIFIED}>
                {text(`phase-${phase}`)}
              </option>
            ))}
          </select>
        </span>
      </label>
      <Input name="mass_kg" label={text('rx-mass')} />
      <Input name="height_m" label={text('rx-height')} />
      <Input name="strength_nm" label={text('rx-strength')} />
    </div>
  );
}

// "From leg": the angle at which the leg is now, rounded to whole degrees inwards.
function fromLeg(name: 'range_low_deg' | 'range_high_deg'): void {
  const now = angleNowDeg.value;
  if (now !== undefined) type(name, brief(name === 'range_low_deg' ? Math.ceil(now) : Math.floor(now)));
}

function Arc() {
  const low = parsed(draft.value.typed.range_low_deg);
  const high = parsed(draft.value.typed.range_high_deg);
  const active = prescription.value;
  const known = angleNowDeg.value !== undefined;
  const span = low !== undefined && high !== undefined && high > low ? shown(high - low) + text('unit-deg') : text('unknown');
  const end = (value: number | undefined): string => (value === undefined ? text('unknown') : brief(value) + text('unit-deg'));
  return (
    <section class="rx-arc">
      <RangeArc
        machine={machine.value}
        phase={phaseDefaults.value}
        active={{ low: active?.rangeLowDeg, high: active?.rangeHighDeg }}
        draft={{ low, high }}
        nowDeg={angleNowDeg.value}
      />
      <div class="rx-ends">
        <div>
          <span>{text('rx-lowest')}</span>
          <strong>{end(low)}</strong>
          <button type="button" class="act" disabled={!known} aria-label={text('rx-from-leg-low')} onClick={() => fromLeg('range_low_deg')}>
            {text('rx-from-leg')}
          </button>
        </div>
        <div>
          <span>{text('rx-highest')}</span>
          <strong>{end(high)}</strong>
          <button type="button" class="act" disabled={!known} aria-label={text('rx-from-leg-high')} onClick={() => fromLeg('range_high_deg')}>
            {text('rx-from-leg')}
          </button>
        </div>
        <div>
          <span>{text('rx-span')}</span>
          <strong>{span}</strong>
        </div>
      </div>
    </section>
  );
}

function Summary() {
  const found = refusals.value;
  const refused = [...found.byField.values()].flat().length + found.general.length;
  const count = (mark: string): number => [...marks.value.values()].filter((one) => one === mark).length;
  const looser = count('looser');
  const tighter = count('tighter');
  const running = [Stage.ARMED, Stage.COUNT_IN, Stage.TRAINING, Stage.UNLOADING, Stage.RESTING].includes(stage.value);
  if (refused > 0) {
    return (
      <div class="rx-summary refused" role="alert" data-refused={refused}>
        <strong>{text('rx-refused', { count: refused })}</strong>
        {found.general.map((one) => (
          <Why key={one.code} refused={one} />
        ))}
      </div>
    );
  }
  if (status.value === 'lost') {
    return (
      <div class="rx-summary refused" role="alert">
        <strong>{text('lost-command')}</strong>
        <p>{text('lost-command-hint')}</p>
      </div>
    );
  }
  if (status.value === 'applied') {
    return (
      <div class="rx-summary applied" role="status">
        <strong>{text('rx-applied')}</strong>
      </div>
    );
  }
  return (
    <div class={looser > 0 ? 'rx-summary looser' : 'rx-summary'} role="status">
      {looser > 0 && <strong>{text('rx-looser', { count: looser })}</strong>}
      {tighter > 0 && <span>{text('rx-tighter', { count: tighter })}</span>}
      {looser > 0 && <span>{text('rx-looser-hint')}</span>}
      {looser === 0 && tighter === 0 && !touched.value && <span>{text('rx-unchanged')}</span>}
      {running && touched.value && <span>{text('rx-running')}</span>}
    </div>
  );
}

export function PrescriptionView() {
  const tempo: FieldName[] = ['lift_s', 'hold_s', 'lower_s', 'rest_s'];
  const dose: FieldName[] = ['sets', 'reps', 'rest_between_sets_s'];
  return (
    <form
      class="rx"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <div class="rx-left">
        <Person />
        <Trouble names={['phase', 'mass_kg', 'height_m', 'strength_nm']} />
        <Arc />
      </div>
      <div class="rx-right">
        <div class="rx-table">
          <div class="rx-row rx-head">
            <div>{text('rx-setting')}</div>
            <div>{text('rx-active')}</div>
            <div>{text('rx-draft')}</div>
          </div>
          <Row label={text('rx-load')} names={['load_n']} />
          <Row label={text('rx-range')} names={['range_low_deg', 'range_high_deg']} join="…" />
          <Row label={text('rx-tempo')} names={tempo} join="-" labels={tempo.map((name) => text(FIELDS[name].label))} />
          <Row label={text('rx-sets-reps')} names={dose} labels={dose.map((name) => text(name === 'rest_between_sets_s' ? 'rx-rest' : FIELDS[name].label))} />
          <Row label={text('rx-eccentric')} names={['eccentric_ratio']} />
          <Row label={text('rx-hold-tolerance')} names={['hold_tolerance_deg']} />
        </div>
        <div class="rx-foot">
          <Summary />
          <button type="button" class="act" disabled={!touched.value} onClick={discard}>
            {text('rx-discard')}
          </button>
          <button type="submit" class="act primary" disabled={!touched.value || status.value === 'sending'}>
            {text(status.value === 'sending' ? 'rx-sending' : 'rx-submit')}
          </button>
        </div>
      </div>
    </form>
  );
}
