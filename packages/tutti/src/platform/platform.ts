/**
 * The only doors to the outside: locks, channels, clocks, randomness. The cluster, the members and
 * the primary take them as arguments, so that one Node process can run many tabs under a seeded
 * scheduler (`simulated.ts`) and a browser can run them for real (`browser.ts`).
 */
export interface Platform {
  readonly locks: Locks
  readonly channels: Channels
  readonly clock: Clock
  readonly random: Random
}

/** Web Locks, without callbacks. */
export interface Locks {
  /**
   * Waits for `name`. Rejects with the signal's reason when `signal` aborts first.
   * With `steal` the present holder is robbed at once and learns it by {@link HeldLock.lost}. With
   * `shared` it waits for an exclusive holder only: one of several who got it does not keep the others
   * from it, even where it is frozen.
   */
  request(
    name: string,
    options?: { signal?: AbortSignal; steal?: boolean; shared?: boolean },
  ): Promise<HeldLock>
  /** Takes `name` if it is free at this moment; `undefined` otherwise. */
  tryRequest(name: string): Promise<HeldLock | undefined>
  /** The names of all locks held exclusively now, in any tab, that start with `prefix`. */
  held(prefix: string): Promise<readonly string[]>
}

export interface HeldLock {
  /** Settles when the lock was taken away (stolen, or dropped by the browser); pending for ever after `release`. */
  readonly lost: Promise<void>
  release(): void
}

/** BroadcastChannel: whoever opened the same name hears a post, except the channel it was posted on. */
export interface Channels {
  open<Message>(name: string, onMessage?: (message: Message) => void): Channel<Message>
}

export interface Channel<Message> {
  post(message: Message): void
  close(): void
}

/** One end of a MessagePort or of a worker: point to point and in order. */
export interface Port<Out, In> {
  post(message: Out, transfer?: readonly Transferable[]): void
  onMessage(listener: (message: In) => void): void
  close(): void
}

export interface Clock {
  /** Milliseconds that never go back; the origin differs from worker to worker. */
  mono(): number
  /** Milliseconds since 1970 as the system tells them: the same in all tabs, but they may jump. */
  wall(): number
  /** Calls back once after `ms`, perhaps much later in a hidden tab. */
  after(ms: number, callback: () => void): Timer
  /** One turn of the event loop: messages that have already arrived are delivered before it resolves. */
  turn(): Promise<void>
}

export interface Timer {
  cancel(): void
}

export interface Random {
  /** 128 random bits as 32 hexadecimal digits. */
  id(): string
  /** In [0, 1). */
  number(): number
}
