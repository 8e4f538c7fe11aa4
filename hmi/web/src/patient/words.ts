// Which word stands top left, and which breath.
import { Moment, Stage, type SessionState } from '../gen/plinth/v1/plinth_pb';
import { has, text } from '../text/text';

const MOMENT_CUE: Partial<Record<Moment, string>> = {
  [Moment.RAMP_IN]: 'get_ready',
  [Moment.LIFTING]: 'lift',
  [Moment.HOLDING]: 'hold',
  [Moment.LOWERING]: 'lower',
  [Moment.RESTING]: 'rest',
};

// The station's cue; when it has none, what the moment asks for.
export function cueWord(session: SessionState): string {
  const told = `cue-${session.cue}`;
  if (session.cue !== '' && has(told)) return text(told);
  if (session.stage === Stage.UNLOADING) return text('cue-set_done');
  const own = MOMENT_CUE[session.moment];
  return own ? text(`cue-${own}`) : '';
}

export function breathLine(session: SessionState): string {
  const id = `breath-${session.breath}`;
  return session.breath !== '' && has(id) ? text(id) : '';
}
