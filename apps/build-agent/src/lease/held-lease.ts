import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { commandSubjects, Control, RenewReply, subjects, type Lease } from '@slipway/contracts';
import { request } from '@slipway/messaging';
import { outsideTrace } from '@slipway/platform';
import { startStopwatch, type Stopwatch } from './stopwatch.js';

/** Why a holder must stop. */
export class LeaseEnded extends Error {
  override readonly name = 'LeaseEnded';

  constructor(readonly why: 'stale' | 'over' | 'unrenewed' | 'agent-stopping') {
    super(`the lease has ended: ${why}`);
  }
}

/** Why the work on a build must stop, though its lease goes on until the end is reported. */
export class CancelAsked extends Error {
  override readonly name = 'CancelAsked';

  constructor(readonly by: string) {
    super(`${by} cancelled the build`);
  }
}

/** The same, because the agent ends: the attempt is given back. */
export class HandBackAsked extends Error {
  override readonly name = 'HandBackAsked';
}

/**
 * Keeps a lease: asks every third of it whether it is still the current one, and only on a yes has the job's redelivery
 * put off. Aborts `signal` with a `LeaseEnded` when the answer is no, or when no answer came for two thirds.
 * Aborts `work` at the end of the lease, with a `CancelAsked` as soon as an answer says that the build
 * is not wanted any more, or with a `HandBackAsked`.
 * Its watch goes on while the process is paused, so a holder that slept past its lease stops before it does anything.
 */
export class HeldLease {
  readonly #abort = new AbortController();
  readonly #leaveOff = new AbortController();
  /** What an attempt works under. */
  readonly work = AbortSignal.any([this.#abort.signal, this.#leaveOff.signal]);
  readonly #timer: NodeJS.Timeout;
  readonly #subscription;
  #sinceConfirmed: Stopwatch = startStopwatch();
  /** At a hint: whoever waits for one asks by himself. */
  #wake: (() => void) | undefined;

  constructor(
    private readonly nats: NatsConnection,
    private readonly lease: Lease,
    private readonly options: { readonly ackWaitMs: number; readonly putOff: () => void },
  ) {
    this.#timer = setInterval(() => void this.renew(), options.ackWaitMs / 3);
    this.#subscription = nats.subscribe(subjects.control(lease.buildId), {
      callback: (error, message) => {
        if (!error) this.#hear(message);
      },
    });
  }

  #hear(message: Msg): void {
    const control = Control.safeParse(message.json());
    if (!control.success) return;
    if (control.data.type === 'look') void (this.#wake ? this.#wake() : this.renew());
    else if (!this.signal.aborted && !this.#isOverdue()) message.respond(JSON.stringify(this.lease));
  }

  #isOverdue(): boolean {
    return this.#sinceConfirmed() > this.options.ackWaitMs;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Asks now. `undefined`: no answer. */
  async renew(): Promise<RenewReply['lease'] | undefined> {
    if (this.signal.aborted) return undefined;
    const { ackWaitMs, putOff } = this.options;
    const sinceAsked = startStopwatch();
    try {
      const timeoutMs = Math.max(ackWaitMs / 3, 500);
      const ask = () => request(this.nats, commandSubjects.renewLease, this.lease, { reply: RenewReply, timeoutMs });
      const reply = await outsideTrace(ask);
      if (reply.lease === 'stale' || reply.lease === 'over') {
        this.end(reply.lease);
        return reply.lease;
      }
      if (reply.lease === 'cancelled') this.#leaveOff.abort(new CancelAsked(reply.by));
      if (sinceAsked() < ackWaitMs) {
        this.#sinceConfirmed = sinceAsked;
        putOff();
      }
      return reply.lease;
    } catch {
      if (this.#sinceConfirmed() > (ackWaitMs * 2) / 3) this.end('unrenewed');
      return undefined;
    }
  }

  /** The lease was confirmed within its time. @throws LeaseEnded */
  assertCurrent(): void {
    if (!this.signal.aborted && this.#isOverdue()) this.end('unrenewed');
    this.signal.throwIfAborted();
  }

  /** Before anything that others can see. @throws LeaseEnded, CancelAsked */
  assertWanted(): void {
    this.assertCurrent();
    this.work.throwIfAborted();
  }

  /** Resolves at the orchestrator's hint that something changed, or after `limitMs`. */
  hinted(limitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(wake, limitMs);
      this.#wake = wake;
      this.signal.addEventListener('abort', wake, { once: true });
    });
  }

  /** Stops the work; the lease goes on until it is reported that the attempt is given back. */
  handBack(): void {
    this.#leaveOff.abort(new HandBackAsked());
  }

  end(why: LeaseEnded['why']): void {
    this.#abort.abort(new LeaseEnded(why));
    this.release();
  }

  /** Stops renewing. Safe to call twice. */
  release(): void {
    clearInterval(this.#timer);
    this.#subscription.unsubscribe();
  }
}
