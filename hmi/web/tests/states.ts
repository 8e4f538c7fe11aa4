// States of a station, for tests.
import { create } from '@bufbuild/protobuf';
import {
  Moment,
  PhaseDefaultsSchema,
  PrescriptionSchema,
  SessionStateSchema,
  Stage,
  TelemetrySchema,
  type PhaseDefaults,
  type Prescription,
  type SessionState,
  type Telemetry,
} from '../src/gen/plinth/v1/plinth_pb';

export function prescription(changes: Partial<Prescription> = {}): Prescription {
  return Object.assign(
    create(PrescriptionSchema, {
      phase: 2,
      person: { massKg: 78, heightM: 1.75, strengthNm: 160 },
      rangeLowDeg: -60,
      rangeHighDeg: -5,
      loadN: 120,
      eccentricRatio: 1,
      liftS: 2,
      holdS: 1,
      lowerS: 4,
      restS: 0,
      holdToleranceDeg: 4,
      liftingStopSpeedDegS: 60,
      loweringStopSpeedDegS: 60,
      sets: 3,
      reps: 10,
      restBetweenSetsS: 90,
      legSupport: 0,
    }),
    changes,
  );
}

export function session(changes: Partial<SessionState> = {}): SessionState {
  return Object.assign(
    create(SessionStateSchema, {
      stage: Stage.TRAINING,
      moment: Moment.LIFTING,
      set: 1,
      sets: 3,
      rep: 1,
      reps: 10,
      momentLeftS: 2,
      momentLengthS: 2,
      rangeLowDeg: -60,
      rangeHighDeg: -5,
    }),
    changes,
  );
}

export function picture(atMs: number, angleDeg?: number): Telemetry {
  return create(TelemetrySchema, { atMs: BigInt(atMs), ...(angleDeg === undefined ? {} : { arm: { angleDeg } }) });
}

export function phaseDefaults(): PhaseDefaults {
  return create(PhaseDefaultsSchema, {
    defaults: { phase: 3, rangeLowDeg: -70, rangeHighDeg: 5, loadN: 150, liftS: 1.5, sets: 4, reps: 6 },
    loadNPerKg: { low: 0, high: 2.5 },
    sets: { low: 1, high: 5 },
  });
}
