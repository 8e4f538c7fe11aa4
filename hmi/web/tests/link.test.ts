// The connection against a WebSocket of few words.
import { create, fromBinary, toBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ClientFrameSchema, Role, ServerFrameSchema } from '../src/gen/plinth/v1/plinth_pb';
import { Link, type LinkState, type Trouble } from '../src/wire/link';

class FakeSocket {
  static readonly OPEN = 1;
  static made: FakeSocket[] = [];
  readyState = FakeSocket.OPEN;
  closed = false;
  sent: Uint8Array[] = [];
  onopen = (): void => {};
  onmessage = (_: { data: ArrayBuffer }): void => {};
  onclose = (_: { code: number; reason: string }): void => {};
  constructor() {
    FakeSocket.made.push(this);
  }
  send(bytes: Uint8Array): void {
    this.sent.push(bytes);
  }
  close(): void {
    this.closed = true;
  }
  says(body: MessageInitShape<typeof ServerFrameSchema>['body']): void {
    this.onmessage({ data: toBinary(ServerFrameSchema, create(ServerFrameSchema, { body: body! })).slice().buffer });
  }
}

let states: [LinkState, Trouble | undefined][];
const newest = (): FakeSocket => FakeSocket.made.at(-1)!;
const goodbye = (code: string, why: string) => newest().says({ case: 'goodbye', value: { reason: { code, why, nextStep: 'Do it.' } } });

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', FakeSocket);
  FakeSocket.made = [];
  states = [];
  const link = new Link({ url: 'ws://station/ws', role: Role.CONSOLE, onFrame: () => {}, onState: (state, trouble) => states.push([state, trouble]) });
  link.start();
  newest().onopen();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('the connection', () => {
  it('introduces itself first', () => {
    expect(fromBinary(ClientFrameSchema, newest().sent[0]!).body).toMatchObject({ case: 'hello', value: { protocolVersion: 1, role: Role.CONSOLE } });
  });
  it('stops for good when the station speaks another version, and tells why', () => {
    goodbye('wrong_version', 'The client speaks 1, the station 2.');
    expect(states.at(-1)).toMatchObject(['mismatch', { kind: 'told', reason: { why: 'The client speaks 1, the station 2.' } }]);
    expect(newest().closed).toBe(true);
    newest().onclose({ code: 1000, reason: '' });
    vi.advanceTimersByTime(60_000);
    expect(FakeSocket.made).toHaveLength(1);
  });
  it('shows the reason of any other goodbye, and comes back', () => {
    goodbye('busy', 'Too many are connected.');
    newest().onclose({ code: 1012, reason: 'plinthd closed the connection' });
    expect(states.at(-1)).toMatchObject(['waiting', { kind: 'told', reason: { why: 'Too many are connected.', nextStep: 'Do it.' } }]);
    vi.advanceTimersByTime(400);
    expect(FakeSocket.made).toHaveLength(2);
    newest().onclose({ code: 1012, reason: 'whatever it says' });
    expect(states.at(-1)).toEqual(['waiting', { kind: 'daemon' }]);
  });
  it('goes by the code of a close, not by its words', () => {
    newest().onclose({ code: 1006, reason: 'plinthd is not running' });
    expect(states.at(-1)).toEqual(['waiting', { kind: 'gateway' }]);
  });
});
