// Short tones at the start of a moment: rising asks to lift, falling to lower, level to hold. Face down, the
// ear leads and the eye follows. 300–1500 Hz is heard through a cushion and by older ears.
import { Moment } from '../gen/plinth/v1/plinth_pb';

const TONE_S = 0.35;
const VOLUME = 0.2;

const PITCHES: Partial<Record<Moment, [number, number]>> = {
  [Moment.LIFTING]: [440, 880],
  [Moment.HOLDING]: [880, 880],
  [Moment.LOWERING]: [880, 440],
  [Moment.RESTING]: [440, 440],
};

export class Tones {
  private context: AudioContext | undefined;
  private last: Moment | undefined;

  // Browsers let a page sound only after somebody touched it, or when a kiosk is told so.
  switchOn(): void {
    this.context ??= new AudioContext();
    void this.context.resume();
  }

  switchOff(): void {
    void this.context?.suspend();
  }

  moment(moment: Moment): void {
    if (moment === this.last) return;
    this.last = moment;
    const pitches = PITCHES[moment];
    const context = this.context;
    if (!pitches || context?.state !== 'running') return;
    const from = context.currentTime;
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.frequency.setValueAtTime(pitches[0], from);
    tone.frequency.exponentialRampToValueAtTime(pitches[1], from + TONE_S);
    volume.gain.setValueAtTime(0, from);
    volume.gain.linearRampToValueAtTime(VOLUME, from + 0.03);
    volume.gain.linearRampToValueAtTime(0, from + TONE_S);
    tone.connect(volume).connect(context.destination);
    tone.start(from);
    tone.stop(from + TONE_S);
  }
}
