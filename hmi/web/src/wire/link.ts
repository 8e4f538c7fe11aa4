// The connection to the station: one WebSocket, one message per binary frame. It comes back by itself, and it
// never sends a command twice: who pressed a button learns whether it arrived.
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  ClientFrameSchema,
  CommandSchema,
  HeartbeatSchema,
  HelloSchema,
  ServerFrameSchema,
  type ClientFrame,
  type Command,
  type Outcome,
  type Refused,
  type Role,
  type ServerFrame,
} from '../gen/plinth/v1/plinth_pb';

export const SUBPROTOCOL = 'plinth.v1';
export const PROTOCOL_VERSION = 1;

const HEARTBEAT_MS = 250;
const SILENCE_MS = 5000; // an open connection that says nothing for so long is dead
const ANSWER_MS = 3000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 4000;

export type LinkState = 'connecting' | 'open' | 'waiting' | 'mismatch';

// Why there is no connection: the daemon gave its reason, the daemon is not there, or nobody answers at all.
export type Trouble = { kind: 'told'; reason: Refused } | { kind: 'daemon' } | { kind: 'gateway' };
// The gateway closes with this code, and with it alone, when the daemon is not there.
const DAEMON_GONE = 1012;

// What became of a command. "lost" means that nobody knows: the connection ended before the answer came.
export type Answer = Outcome['body'] | { case: 'lost'; value?: undefined };

export interface LinkOptions {
  url: string;
  role: Role;
  onFrame(frame: ServerFrame): void;
  onState(state: LinkState, trouble?: Trouble): void;
}

// The pause before attempt number `attempt` (0, 1, …): doubling, with up to a quarter of chance so that many
// pages do not come back in one moment. `chance` is in [0, 1).
export function pauseBefore(attempt: number, chance: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt) * (1 + chance / 4);
}

export class Link {
  private socket: WebSocket | undefined;
  private attempt = 0;
  private nextId = 1n;
  private beats = 0n;
  private lastSent = 0;
  private lastHeard = 0;
  private goodbye: Refused | undefined; // of this connection
  private readonly waiting = new Map<bigint, (answer: Answer) => void>();

  constructor(private readonly options: LinkOptions) {}

  start(): void {
    this.connect();
    setInterval(() => this.beat(), HEARTBEAT_MS / 2);
  }

  // Sends a command and gives its answer. A link that is down answers "lost" at once.
  command(body: Command['body']): Promise<Answer> {
    if (this.socket?.readyState !== WebSocket.OPEN) return Promise.resolve({ case: 'lost' });
    const id = this.nextId++;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.answer(id, { case: 'lost' }), ANSWER_MS);
      this.waiting.set(id, (answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
      this.send(create(ClientFrameSchema, { body: { case: 'command', value: create(CommandSchema, { id, body }) } }));
    });
  }

  private answer(id: bigint, answer: Answer): void {
    const resolve = this.waiting.get(id);
    this.waiting.delete(id);
    resolve?.(answer);
  }

  private connect(): void {
    this.goodbye = undefined;
    this.options.onState('connecting');
    const socket = new WebSocket(this.options.url, SUBPROTOCOL);
    socket.binaryType = 'arraybuffer';
    this.socket = socket;
    this.lastHeard = performance.now();
    socket.onopen = () => {
      const hello = create(HelloSchema, {
        protocolVersion: PROTOCOL_VERSION,
        client: `plinth-web ${__VERSION__}`,
        role: this.options.role,
      });
      this.send(create(ClientFrameSchema, { body: { case: 'hello', value: hello } }));
    };
    socket.onmessage = (event: MessageEvent<ArrayBuffer>) => this.heard(socket, event.data);
    socket.onclose = (event) => this.lost(socket, { kind: event.code === DAEMON_GONE ? 'daemon' : 'gateway' });
  }

  private heard(socket: WebSocket, data: ArrayBuffer): void {
    if (socket !== this.socket) return;
    this.lastHeard = performance.now();
    const frame = fromBinary(ServerFrameSchema, new Uint8Array(data));
    if (frame.body.case === 'goodbye') {
      this.goodbye = frame.body.value.reason;
      if (this.goodbye?.code === 'wrong_version') this.giveUp(socket, this.goodbye);
      return;
    }
    if (frame.body.case === 'welcome') {
      this.attempt = 0;
      this.options.onState('open');
    }
    if (frame.body.case === 'outcome') this.answer(frame.body.value.id, frame.body.value.body);
    this.options.onFrame(frame);
  }

  // Another try would end in the same way.
  private giveUp(socket: WebSocket, reason: Refused): void {
    this.socket = undefined;
    socket.close();
    this.options.onState('mismatch', { kind: 'told', reason });
  }

  private lost(socket: WebSocket, trouble: Trouble): void {
    if (socket !== this.socket) return;
    this.socket = undefined;
    for (const id of [...this.waiting.keys()]) this.answer(id, { case: 'lost' });
    this.options.onState('waiting', this.goodbye ? { kind: 'told', reason: this.goodbye } : trouble);
    setTimeout(() => this.connect(), pauseBefore(this.attempt++, Math.random()));
  }

  private send(frame: ClientFrame): void {
    if (this.socket?.readyState !== WebSocket.OPEN) return;
    this.socket.send(toBinary(ClientFrameSchema, frame));
    this.lastSent = performance.now();
  }

  private beat(): void {
    const socket = this.socket;
    const now = performance.now();
    if (socket && now - this.lastHeard > SILENCE_MS) {
      socket.close();
      this.lost(socket, { kind: 'gateway' });
      return;
    }
    if (now - this.lastSent < HEARTBEAT_MS) return;
    const value = create(HeartbeatSchema, { sequence: ++this.beats });
    this.send(create(ClientFrameSchema, { body: { case: 'heartbeat', value } }));
  }
}
