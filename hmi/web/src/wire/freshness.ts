// How old the picture is. A picture may be late in two ways: nothing came for a while, or what comes has
// been waiting in somebody's buffer. The first shows on our clock alone; the second only by comparing the
// station's clock with ours, against the quickest delivery seen so far.

export const GREY_AFTER_MS = 400;
export const GONE_AFTER_MS = 1000;

export type Liveness = 'live' | 'grey' | 'gone';

// Two clocks drift apart; the quickest delivery may be forgotten this fast (1 ms a second is ten times what
// quartz clocks do).
const FORGET_MS_PER_MS = 0.001;

export class Freshness {
  private quickest: number | undefined;
  private lag = 0;
  private receivedAt: number | undefined;

  // A picture of the station's time `stationMs` arrived at our time `nowMs`.
  received(stationMs: number, nowMs: number): void {
    const offset = nowMs - stationMs;
    const since = this.receivedAt === undefined ? 0 : nowMs - this.receivedAt;
    const remembered = this.quickest === undefined ? offset : this.quickest + since * FORGET_MS_PER_MS;
    this.quickest = Math.min(remembered, offset);
    this.lag = offset - this.quickest;
    this.receivedAt = nowMs;
  }

  // Age of the newest picture; infinite before the first.
  ageMs(nowMs: number): number {
    return this.receivedAt === undefined ? Infinity : nowMs - this.receivedAt + this.lag;
  }

  liveness(nowMs: number): Liveness {
    const age = this.ageMs(nowMs);
    return age < GREY_AFTER_MS ? 'live' : age < GONE_AFTER_MS ? 'grey' : 'gone';
  }

  // What the station's clock says now.
  stationNowMs(nowMs: number): number {
    return this.quickest === undefined ? 0 : nowMs - this.quickest;
  }

  // A new connection may have another station clock behind it.
  forget(): void {
    this.quickest = undefined;
    this.receivedAt = undefined;
    this.lag = 0;
  }
}
