import { create } from '@bufbuild/protobuf';
import { beforeEach, describe, expect, it } from 'vitest';
import { Stage, StopReason, TelemetrySchema, type TellReason } from '../src/gen/plinth/v1/plinth_pb';
import { REASONS, told } from '../src/parts/reasons';
import { wayOf } from '../src/parts/way_off';
import { has } from '../src/text/text';
import { angleNowDeg, liveness, lowering, telemetry } from '../src/wire/station';

const stopped = (drive: { connected: boolean }, brakeReleased: boolean, heldUp?: boolean) =>
  create(TelemetrySchema, {
    session: { stage: Stage.STOPPED },
    units: { drive, brakeReleased },
    safety: heldUp === undefined ? {} : { heldUp },
    arm: { angleDeg: -32 },
  });

beforeEach(() => {
  liveness.value = 'live';
});

describe('"the machine is lowering your legs"', () => {
  it('is said only while the drive is heard and its brake is open', () => {
    for (const [picture, expected] of [
      [stopped({ connected: true }, true, false), true],
      [stopped({ connected: false }, true), false],
      [stopped({ connected: true }, false, true), false],
    ] as const) {
      telemetry.value = picture;
      expect(lowering.value).toBe(expected);
    }
  });
});

describe('the way off', () => {
  it('goes by what is known of the arm', () => {
    expect(wayOf(stopped({ connected: true }, true, false), true, true)).toBe('lowering');
    expect(wayOf(stopped({ connected: true }, false, false), true, false)).toBe('down');
    expect(wayOf(stopped({ connected: true }, false, true), true, false)).toBe('held_up');
  });
  it('covers every case when nothing is known', () => {
    expect(wayOf(stopped({ connected: false }, true), true, false)).toBe('unknown');
    expect(wayOf(stopped({ connected: true }, false, false), false, false)).toBe('unknown');
    expect(wayOf(undefined, true, false)).toBe('unknown');
  });
  it('has its words', () => {
    for (const way of ['lowering', 'down', 'held_up', 'unknown']) {
      expect(has(`way-off-title-${way}`), way).toBe(true);
      expect(has(`patient-way-${way}`), way).toBe(true);
    }
    const steps = ['wait', 'look', 'estop', 'carry', 'release', 'close', 'straps', 'feet', 'rise'];
    for (const step of steps) expect(has(`way-off-${step}`), step).toBe(true);
  });
});

describe('the reasons', () => {
  it('are those of the station, each with its word', () => {
    const all = Object.values(StopReason).filter((reason) => typeof reason === 'number' && reason !== StopReason.UNSPECIFIED);
    expect([...REASONS].sort()).toEqual(all.sort());
    for (const reason of REASONS) expect(has(`reason-${reason}`)).toBe(true);
  });
  it('are sent with at most 200 characters, whole ones', () => {
    const words = (of: string): string => (told(StopReason.OTHER, of).value as TellReason).words;
    expect(words('  in the left knee ')).toBe('in the left knee');
    expect([...words('😀'.repeat(300))]).toHaveLength(200);
  });
});

describe('the leg\'s angle for the form', () => {
  it('is known only while the picture is fresh', () => {
    telemetry.value = stopped({ connected: true }, false, false);
    expect(angleNowDeg.value).toBe(-32);
    for (const age of ['grey', 'gone'] as const) {
      liveness.value = age;
      expect(angleNowDeg.value).toBeUndefined();
    }
  });
});
