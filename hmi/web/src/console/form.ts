// The prescription form without its looks: what was typed, what it means, what was refused. The page checks only
// that numbers are numbers; what is allowed, the station alone decides and says.
import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  Exercise,
  Phase,
  type MachineCeiling,
  type PhaseDefaults,
  type Prescription,
  type PrescriptionSchema,
  type Refused,
} from '../gen/plinth/v1/plinth_pb';
import { brief, parsed } from '../text/numbers';

export type FieldName =
  | 'mass_kg'
  | 'height_m'
  | 'strength_nm'
  | 'range_low_deg'
  | 'range_high_deg'
  | 'load_n'
  | 'eccentric_ratio'
  | 'lift_s'
  | 'hold_s'
  | 'lower_s'
  | 'rest_s'
  | 'hold_tolerance_deg'
  | 'sets'
  | 'reps'
  | 'rest_between_sets_s';

export interface FieldSpec {
  label: string; // id of a message
  unit?: string;
  whole?: boolean;
  needed?: boolean;
  // Which way asks more of the person: a larger value or a smaller one.
  looser?: 'larger' | 'smaller';
}

export const FIELDS: Record<FieldName, FieldSpec> = {
  mass_kg: { label: 'rx-mass', unit: 'unit-kg', needed: true },
  height_m: { label: 'rx-height', unit: 'unit-m' },
  strength_nm: { label: 'rx-strength', unit: 'unit-nm' },
  range_low_deg: { label: 'rx-range-low', unit: 'unit-deg', looser: 'smaller' },
  range_high_deg: { label: 'rx-range-high', unit: 'unit-deg', looser: 'larger' },
  load_n: { label: 'rx-load', unit: 'unit-n', looser: 'larger' },
  eccentric_ratio: { label: 'rx-eccentric', looser: 'larger' },
  lift_s: { label: 'rx-lift', unit: 'unit-s', looser: 'smaller' },
  hold_s: { label: 'rx-hold', unit: 'unit-s', looser: 'larger' },
  lower_s: { label: 'rx-lower', unit: 'unit-s', looser: 'smaller' },
  rest_s: { label: 'rx-rest', unit: 'unit-s', looser: 'smaller' },
  hold_tolerance_deg: { label: 'rx-hold-tolerance', unit: 'unit-deg', looser: 'larger' },
  sets: { label: 'rx-sets', whole: true, looser: 'larger' },
  reps: { label: 'rx-reps', whole: true, looser: 'larger' },
  rest_between_sets_s: { label: 'rx-rest-between', unit: 'unit-s', looser: 'smaller' },
};
export const FIELD_NAMES = Object.keys(FIELDS) as FieldName[];

export interface Draft {
  phase: Phase;
  typed: Record<FieldName, string>;
}

// The value of a field of a prescription; nothing when it is absent.
export function valueIn(prescription: Prescription | undefined, name: FieldName): number | undefined {
  if (!prescription) return undefined;
  const { person } = prescription;
  switch (name) {
    case 'mass_kg':
      return person?.massKg;
    case 'height_m':
      return person?.heightM;
    case 'strength_nm':
      return person?.strengthNm;
    case 'range_low_deg':
      return prescription.rangeLowDeg;
    case 'range_high_deg':
      return prescription.rangeHighDeg;
    case 'load_n':
      return prescription.loadN;
    case 'eccentric_ratio':
      return prescription.eccentricRatio;
    case 'lift_s':
      return prescription.liftS;
    case 'hold_s':
      return prescription.holdS;
    case 'lower_s':
      return prescription.lowerS;
    case 'rest_s':
      return prescription.restS;
    case 'hold_tolerance_deg':
      return prescription.holdToleranceDeg;
    case 'sets':
      return prescription.sets;
    case 'reps':
      return prescription.reps;
    case 'rest_between_sets_s':
      return prescription.restBetweenSetsS;
  }
}

function typedFrom(prescription: Prescription | undefined): Record<FieldName, string> {
  const entries = FIELD_NAMES.map((name) => {
    const value = valueIn(prescription, name);
    return [name, value === undefined ? '' : brief(value)];
  });
  return Object.fromEntries(entries) as Record<FieldName, string>;
}

// A draft that is the prescription in force, or an empty one.
export function draftOf(prescription: Prescription | undefined): Draft {
  return { phase: prescription?.phase ?? Phase.UNSPECIFIED, typed: typedFrom(prescription) };
}

// The draft with another phase: what is trained starts from that phase's defaults, the person stays.
export function withPhase(draft: Draft, phase: Phase, defaults: PhaseDefaults | undefined): Draft {
  const { mass_kg, height_m, strength_nm } = draft.typed;
  return { phase, typed: { ...typedFrom(defaults?.defaults), mass_kg, height_m, strength_nm } };
}

export type Problem = 'rx-not-a-number' | 'rx-not-whole' | 'rx-missing';

export interface Reading {
  values: Partial<Record<FieldName, number>>;
  problems: Map<FieldName | 'phase', Problem>;
}

// An empty field is absent: the station takes the phase's default.
export function read(draft: Draft): Reading {
  const values: Partial<Record<FieldName, number>> = {};
  const problems = new Map<FieldName | 'phase', Problem>();
  if (draft.phase === Phase.UNSPECIFIED) problems.set('phase', 'rx-missing');
  for (const name of FIELD_NAMES) {
    const spec = FIELDS[name];
    const typed = draft.typed[name];
    if (typed.trim() === '') {
      if (spec.needed) problems.set(name, 'rx-missing');
      continue;
    }
    const value = parsed(typed);
    if (value === undefined) problems.set(name, 'rx-not-a-number');
    else if (spec.whole && (!Number.isInteger(value) || value < 0)) problems.set(name, 'rx-not-whole');
    else values[name] = value;
  }
  return { values, problems };
}

// What is sent. Fields that the form does not show stay as they are in `active` while the phase stays.
export function prescriptionOf(draft: Draft, active: Prescription | undefined): MessageInitShape<typeof PrescriptionSchema> {
  const { values: v } = read(draft);
  const kept = active?.phase === draft.phase ? active : undefined;
  const given = <K extends string>(key: K, value: number | undefined) =>
    (value === undefined ? {} : { [key]: value }) as Partial<Record<K, number>>;
  return {
    exercise: Exercise.REVERSE_HYPER,
    phase: draft.phase,
    person: { massKg: v.mass_kg ?? 0, ...given('heightM', v.height_m), ...given('strengthNm', v.strength_nm) },
    ...given('rangeLowDeg', v.range_low_deg),
    ...given('rangeHighDeg', v.range_high_deg),
    ...given('loadN', v.load_n),
    ...given('eccentricRatio', v.eccentric_ratio),
    ...given('liftS', v.lift_s),
    ...given('holdS', v.hold_s),
    ...given('lowerS', v.lower_s),
    ...given('restS', v.rest_s),
    ...given('holdToleranceDeg', v.hold_tolerance_deg),
    ...given('sets', v.sets),
    ...given('reps', v.reps),
    ...given('restBetweenSetsS', v.rest_between_sets_s),
    ...given('liftingStopSpeedDegS', kept?.liftingStopSpeedDegS),
    ...given('loweringStopSpeedDegS', kept?.loweringStopSpeedDegS),
    ...given('legSupport', kept?.legSupport),
  };
}

export type Mark = 'looser' | 'tighter' | 'same';

export function markOf(name: FieldName, active: number | undefined, drafted: number | undefined): Mark {
  const { looser } = FIELDS[name];
  if (looser === undefined || active === undefined || drafted === undefined) return 'same';
  // The form shows two decimals.
  if (Math.abs(active - drafted) < 0.005) return 'same';
  return drafted > active === (looser === 'larger') ? 'looser' : 'tighter';
}

export function marksOf(draft: Draft, active: Prescription | undefined): Map<FieldName, Mark> {
  const { values } = read(draft);
  return new Map(FIELD_NAMES.map((name) => [name, markOf(name, valueIn(active, name), values[name])]));
}

export interface Refusals {
  byField: Map<FieldName | 'phase', Refused[]>;
  general: Refused[]; // those that concern no field of the form
}

// Fields whose refusals may name a whole: the person looks at its first part.
const WHOLES: Record<string, FieldName | 'phase'> = {
  range_deg: 'range_low_deg',
  range: 'range_low_deg',
  tempo: 'lift_s',
  tempo_s: 'lift_s',
  person: 'mass_kg',
  phase: 'phase',
};

function fieldOf(refused: Refused): FieldName | 'phase' | undefined {
  for (const part of refused.field.split('.').reverse()) {
    if (part in FIELDS) return part as FieldName;
    // Tempo may be named without its unit: "tempo.lift".
    if (`${part}_s` in FIELDS) return `${part}_s` as FieldName;
    const whole = WHOLES[part];
    if (whole) return whole;
  }
  return undefined;
}

// Puts every violation beside its field.
export function refusalsOf(refused: Refused): Refusals {
  const byField: Refusals['byField'] = new Map();
  const general: Refused[] = [];
  for (const one of refused.details.length > 0 ? refused.details : [refused]) {
    const field = fieldOf(one);
    if (field === undefined) general.push(one);
    else byField.set(field, [...(byField.get(field) ?? []), one]);
  }
  return { byField, general };
}

export interface Allowed {
  low: number | undefined;
  high: number | undefined;
}

// The window that phase and machine leave, as a hint beside the field; nothing where none was sent.
export function allowedFor(
  name: FieldName,
  phase: PhaseDefaults | undefined,
  machine: MachineCeiling | undefined,
  massKg: number | undefined,
): Allowed | undefined {
  const window = (of: { low: number; high: number } | undefined): Allowed | undefined => of && { low: of.low, high: of.high };
  switch (name) {
    case 'range_low_deg':
    case 'range_high_deg':
      return window(phase?.rangeDeg);
    case 'load_n': {
      const perKg = phase?.loadNPerKg;
      if (!perKg || massKg === undefined) return undefined;
      return { low: perKg.low * massKg, high: Math.min(perKg.high * massKg, machine?.loadN ?? Infinity) };
    }
    case 'eccentric_ratio':
      return window(phase?.eccentricRatio);
    case 'sets':
      return window(phase?.sets);
    case 'reps':
      return window(phase?.reps);
    case 'lift_s':
      return machine && { low: machine.shortestLiftS, high: undefined };
    case 'lower_s':
      return machine && { low: machine.shortestLowerS, high: undefined };
    case 'hold_s':
      return window(machine?.holdS);
    case 'rest_s':
      return window(machine?.restS);
    case 'rest_between_sets_s':
      return window(machine?.restBetweenSetsS);
    default:
      return undefined;
  }
}

// The window in words, rounded inwards to the two decimals that the form shows: what the hint names is accepted.
// Nothing where one of its ends is open.
export function hintFor(
  name: FieldName,
  phase: PhaseDefaults | undefined,
  machine: MachineCeiling | undefined,
  massKg: number | undefined,
): { low: string; high: string } | undefined {
  const allowed = allowedFor(name, phase, machine, massKg);
  if (allowed?.low === undefined || allowed.high === undefined) return undefined;
  // 1.15 · 100 is 114.99999999999999: what only the binary numbers take away is given back.
  const hair = 1e-6;
  return { low: brief(Math.ceil(allowed.low * 100 - hair) / 100), high: brief(Math.floor(allowed.high * 100 + hair) / 100) };
}
