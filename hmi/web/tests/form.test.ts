import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { MachineCeilingSchema, Phase, PhaseDefaultsSchema, PrescriptionSchema, RefusedSchema } from '../src/gen/plinth/v1/plinth_pb';
import { allowedFor, draftOf, FIELD_NAMES, hintFor, markOf, marksOf, prescriptionOf, read, refusalsOf, withPhase } from '../src/console/form';
import { phaseDefaults, prescription } from './states';

const typed = (changes: Record<string, string>) => {
  const draft = draftOf(prescription());
  return { ...draft, typed: { ...draft.typed, ...changes } };
};

describe('a draft', () => {
  it('starts as what is active', () => {
    const draft = draftOf(prescription());
    expect(draft.phase).toBe(Phase.STRENGTH);
    expect(draft.typed.load_n).toBe('120');
    expect(draft.typed.range_low_deg).toBe('−60');
    expect(read(draft).problems.size).toBe(0);
    expect(read(draft).values.range_low_deg).toBe(-60);
  });
  it('takes the defaults of another phase and keeps the person', () => {
    const draft = withPhase(draftOf(prescription()), Phase.INTEGRATED, phaseDefaults());
    expect(draft.typed.load_n).toBe('150');
    expect(draft.typed.lift_s).toBe('1.5');
    expect(draft.typed.mass_kg).toBe('78');
  });
  it('is read with a decimal comma', () => {
    expect(read(typed({ load_n: '112,5', lift_s: '2,25' })).values).toMatchObject({ load_n: 112.5, lift_s: 2.25 });
  });
  it('tells every field that is no number, and sends none of it', () => {
    const { problems } = read(typed({ load_n: 'heavy', reps: '2.5', mass_kg: '', sets: '-1' }));
    expect(Object.fromEntries(problems)).toEqual({
      load_n: 'rx-not-a-number',
      reps: 'rx-not-whole',
      mass_kg: 'rx-missing',
      sets: 'rx-not-whole',
    });
  });
  it('needs a phase', () => {
    expect(read(draftOf(undefined)).problems.get('phase')).toBe('rx-missing');
  });
});

describe('what is sent', () => {
  it('leaves an empty field to the phase', () => {
    const sent = create(PrescriptionSchema, prescriptionOf(typed({ load_n: '', height_m: ' ' }), prescription()));
    expect(sent.loadN).toBeUndefined();
    expect(sent.person?.heightM).toBeUndefined();
    expect(sent.person?.massKg).toBe(78);
    expect(sent.liftS).toBe(2);
  });
  it('sends zero as zero', () => {
    const sent = create(PrescriptionSchema, prescriptionOf(typed({ rest_s: '0' }), prescription()));
    expect(sent.restS).toBe(0);
  });
  it('keeps what the form does not show, as long as the phase stays', () => {
    const active = prescription({ legSupport: 0.3 });
    expect(create(PrescriptionSchema, prescriptionOf(draftOf(active), active)).legSupport).toBe(0.3);
    const other = withPhase(draftOf(active), Phase.INTEGRATED, phaseDefaults());
    expect(create(PrescriptionSchema, prescriptionOf(other, active)).legSupport).toBeUndefined();
  });
});

describe('the marks', () => {
  it('show what asks more and what asks less', () => {
    expect(markOf('load_n', 120, 130)).toBe('looser');
    expect(markOf('load_n', 120, 110)).toBe('tighter');
    expect(markOf('range_low_deg', -60, -65)).toBe('looser');
    expect(markOf('range_high_deg', -5, -10)).toBe('tighter');
    expect(markOf('lower_s', 4, 3)).toBe('looser');
    expect(markOf('lower_s', 4, 4)).toBe('same');
    expect(markOf('mass_kg', 78, 80)).toBe('same');
    expect(markOf('load_n', undefined, 80)).toBe('same');
  });
  it('do not mark what only differs beyond the digits shown', () => {
    expect(markOf('lift_s', 2.001, 2)).toBe('same');
  });
  it('cover the whole draft', () => {
    const marks = marksOf(typed({ load_n: '130', reps: '8' }), prescription());
    expect([...marks].filter(([, mark]) => mark !== 'same')).toEqual([
      ['load_n', 'looser'],
      ['reps', 'tighter'],
    ]);
  });
});

describe('a refusal', () => {
  const one = (field: string) => create(RefusedSchema, { code: `${field}!`, why: 'Too much.', field });
  it('stands beside its field', () => {
    const { byField, general } = refusalsOf(one('load_n'));
    expect(byField.get('load_n')![0]!.why).toBe('Too much.');
    expect(general).toEqual([]);
  });
  it('of many is split up', () => {
    const all = create(RefusedSchema, { code: 'x', details: [one('load_n'), one('reps'), one('reps'), one('')] });
    const { byField, general } = refusalsOf(all);
    expect(byField.get('reps')).toHaveLength(2);
    expect(byField.get('load_n')).toHaveLength(1);
    expect(general).toHaveLength(1);
  });
  it('finds its field under every name the station may use', () => {
    const field = (name: string) => [...refusalsOf(one(name)).byField.keys()][0];
    expect(field('tempo.lift_s')).toBe('lift_s');
    expect(field('tempo.lower')).toBe('lower_s');
    expect(field('person.mass_kg')).toBe('mass_kg');
    expect(field('range_deg')).toBe('range_low_deg');
    expect(field('phase')).toBe('phase');
    expect(field('leg_support')).toBeUndefined();
  });
});

describe('the hints', () => {
  it('give the load in newtons for this person', () => {
    expect(allowedFor('load_n', phaseDefaults(), undefined, 80)).toEqual({ low: 0, high: 200 });
    expect(allowedFor('load_n', phaseDefaults(), undefined, undefined)).toBeUndefined();
  });
  it('name for every field what is allowed, rounded inwards and no further', () => {
    const phase = create(PhaseDefaultsSchema, {
      rangeDeg: { low: -60, high: -5 },
      loadNPerKg: { low: 0, high: 2.4517 },
      eccentricRatio: { low: 0.5, high: 1.1 },
      sets: { low: 1, high: 4 },
      reps: { low: 4, high: 15 },
    });
    const machine = create(MachineCeilingSchema, {
      loadN: 400,
      shortestLiftS: 1,
      holdS: { low: 0.333, high: 1.15 },
      restS: { low: 0, high: 10 },
      restBetweenSetsS: { low: 15, high: 300 },
    });
    const hints = Object.fromEntries(FIELD_NAMES.map((name) => [name, hintFor(name, phase, machine, 78)]).filter(([, hint]) => hint));
    expect(hints).toEqual({
      range_low_deg: { low: '−60', high: '−5' },
      range_high_deg: { low: '−60', high: '−5' },
      load_n: { low: '0', high: '191.23' },
      eccentric_ratio: { low: '0.5', high: '1.1' },
      hold_s: { low: '0.34', high: '1.15' },
      rest_s: { low: '0', high: '10' },
      sets: { low: '1', high: '4' },
      reps: { low: '4', high: '15' },
      rest_between_sets_s: { low: '15', high: '300' },
    });
  });
});
