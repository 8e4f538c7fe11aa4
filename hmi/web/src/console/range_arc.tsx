// The range as an arc: what the machine can, what the phase allows, what is active, what is drafted, where the
// leg is now. 0° is the thigh in line with the trunk, to the right; negative hangs below the bench.
import type { MachineCeiling, PhaseDefaults } from '../gen/plinth/v1/plinth_pb';
import { shown } from '../text/numbers';
import { text } from '../text/text';

const HIP = { x: 176, y: 118 };
const INNER = 236;
const OUTER = 316;

function at(deg: number, radius: number): { x: number; y: number } {
  const angle = (deg * Math.PI) / 180;
  return { x: HIP.x + radius * Math.cos(angle), y: HIP.y - radius * Math.sin(angle) };
}

export function sectorPath(lowDeg: number, highDeg: number, inner: number, outer: number): string {
  const point = (deg: number, radius: number): string => {
    const { x, y } = at(deg, radius);
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
  };
  const large = highDeg - lowDeg > 180 ? 1 : 0;
  return (
    `M${point(lowDeg, outer)} A${outer} ${outer} 0 ${large} 0 ${point(highDeg, outer)} ` +
    `L${point(highDeg, inner)} A${inner} ${inner} 0 ${large} 1 ${point(lowDeg, inner)} Z`
  );
}

function Tick({ deg, from, to, name, words }: { deg: number; from: number; to: number; name: string; words?: string }) {
  const a = at(deg, from);
  const b = at(deg, to);
  const label = at(deg, to + 12);
  return (
    <g class={name}>
      <line x1={a.x} y1={a.y} x2={b.x} y2={b.y} />
      {words !== undefined && (
        <text x={label.x} y={label.y} dominant-baseline="central">
          {words}
        </text>
      )}
    </g>
  );
}

export interface RangeArcProps {
  machine: MachineCeiling | undefined;
  phase: PhaseDefaults | undefined;
  active: { low: number | undefined; high: number | undefined };
  draft: { low: number | undefined; high: number | undefined };
  nowDeg: number | undefined;
}

export function RangeArc({ machine, phase, active, draft, nowDeg }: RangeArcProps) {
  const low = machine?.rangeDeg?.low ?? -90;
  const high = machine?.rangeDeg?.high ?? 20;
  const allowed = phase?.rangeDeg;
  const drawn = (range: RangeArcProps['active']): range is { low: number; high: number } =>
    range.low !== undefined && range.high !== undefined && range.low < range.high;
  const leg = nowDeg === undefined ? undefined : at(nowDeg, OUTER + 6);
  return (
    <svg class="arc" viewBox="0 0 640 440" role="img" aria-label={text('rx-arc')}>
      <rect class="arc-pad" x="10" y={HIP.y + 22} width="166" height="26" rx="9" />
      <text class="arc-muted" x="10" y={HIP.y + 82}>
        {text('rx-pad')}
      </text>
      <path class="arc-machine" d={sectorPath(low, high, INNER, OUTER)} />
      {drawn(active) && <path class="arc-active" d={sectorPath(active.low, active.high, INNER, OUTER)} />}
      {drawn(draft) && drawn(active) && draft.high > active.high && (
        <path class="arc-looser" d={sectorPath(active.high, draft.high, INNER, OUTER)} />
      )}
      {drawn(draft) && drawn(active) && draft.low < active.low && (
        <path class="arc-looser" d={sectorPath(draft.low, active.low, INNER, OUTER)} />
      )}
      {drawn(draft) && <path class="arc-draft" d={sectorPath(draft.low, draft.high, INNER, OUTER)} />}
      {allowed && <Tick deg={allowed.high} from={INNER - 14} to={OUTER + 14} name="arc-allowed" words={text('rx-ceiling', { deg: shown(allowed.high) })} />}
      {allowed && <Tick deg={allowed.low} from={INNER - 14} to={OUTER + 14} name="arc-allowed" words={text('rx-floor', { deg: shown(allowed.low) })} />}
      {leg && nowDeg !== undefined && (
        <g class="arc-leg">
          <line x1={HIP.x} y1={HIP.y} x2={leg.x} y2={leg.y} />
          <circle cx={HIP.x} cy={HIP.y} r="15" />
        </g>
      )}
      {nowDeg !== undefined && (
        <text class="arc-now" x="10" y={HIP.y - 34}>
          {text('rx-now', { deg: shown(nowDeg) })}
        </text>
      )}
    </svg>
  );
}
