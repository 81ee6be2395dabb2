import { watchLife } from '../cluster/life.ts'
import { InternalError, OutdatedError, SchemaAheadError, type TuttiError } from '../errors/errors.ts'
import { serializeError } from '../errors/wire.ts'
import type { Channel, Platform, Timer } from '../platform/platform.ts'
import type {
  EveryoneMessage,
  MemberInfo,
  RequestHead,
  ToMemberPost,
  ToPrimary,
} from '../protocol/messages.ts'
import type { DatabaseNames } from '../protocol/names.ts'
import type { Engine } from './engine.ts'
import { Session } from './session.ts'

/** Changes of the roster within so long are told at once, ms. */
const ROSTER_DELAY = 20

export interface SessionsOptions {
  readonly platform: Platform
  readonly names: DatabaseNames
  readonly engine: Pick<Engine, 'incarnation' | 'epoch' | 'schema'>
  /** How many migrations the primary's own build knows: its tab counts, also before its member has joined. */
  readonly migrations: number
  readonly everyone: Channel<EveryoneMessage>
  readonly onGone: (session: Session) => void
}

/** The members that have joined the epoch, each watched by its life lock, and the roster that all are told. */
export class Sessions {
  readonly #options: SessionsOptions
  readonly #sessions = new Map<string, Session>()
  #roster: Timer | undefined

  constructor(options: SessionsOptions) {
    this.#options = options
  }

  get(member: string): Session | undefined {
    return this.#sessions.get(member)
  }

  all(): Iterable<Session> {
    return this.#sessions.values()
  }

  infos(): readonly MemberInfo[] {
    return Array.from(this.#sessions.values(), ({ info }) => info)
  }

  /** Whether a tab is open whose build knows all migrations of the database. */
  get knowsSchema(): boolean {
    const { engine, migrations } = this.#options
    return migrations >= engine.schema || this.infos().some(({ schema }) => schema >= engine.schema)
  }

  /**
   * Takes in a member, or one that comes back; `undefined` where it means another incarnation (R2).
   *
   * @param line where it hears, if not in its inbox
   */
  join(
    { info, expectedIncarnation }: Extract<ToPrimary, { type: 'join' }>,
    line?: Channel<ToMemberPost>,
  ): Session | undefined {
    const { platform, names, engine } = this.#options
    const channel = () => line ?? platform.channels.open<ToMemberPost>(names.inboxPrefix + info.member)
    if (expectedIncarnation !== null && expectedIncarnation !== engine.incarnation) {
      const refused = channel()
      refused.post({ type: 'deleted', incarnation: expectedIncarnation })
      refused.close()
      return undefined
    }
    const known = this.#sessions.get(info.member)
    if (known !== undefined) {
      this.inform(known, info)
      return known
    }
    const session = new Session(info, channel(), platform.clock)
    this.#sessions.set(info.member, session)
    session.unwatch = watchLife(platform.locks, names.memberLockPrefix + info.member, () =>
      this.leave(session),
    )
    this.#changed()
    return session
  }

  inform(session: Session, info: MemberInfo): void {
    session.info = info
    this.#changed()
  }

  /** `session`'s member is dead, or said that it leaves. */
  leave(session: Session): void {
    if (!this.#sessions.delete(session.member)) return
    session.close()
    this.#options.onGone(session)
    this.#changed()
  }

  /** Answers a request whose rest cannot be read. It is not run; an earlier primary may have run it. */
  refuseUnreadable({ member, epoch, seq }: RequestHead): void {
    const session = this.#sessions.get(member)
    if (session === undefined || epoch !== this.#options.engine.epoch || session.inFlight.has(seq)) return
    const message = 'The primary could not read this request: its tab runs another build. Reload all tabs.'
    const error = serializeError(new InternalError(message, { outcome: 'unknown' }))
    session.post({ type: 'answer', epoch, seq, version: 0, results: [], error })
  }

  /** Why a member may not write: its build knows fewer migrations than the database has (R30). */
  refusal({ info }: Session): TuttiError | undefined {
    const { schema } = this.#options.engine
    if (info.schema >= schema || info.writeWhenAhead) return undefined
    const details = { outcome: 'not-applied' } as const
    return this.knowsSchema
      ? new OutdatedError('Another tab runs a newer build of this app: reload this one to write.', details)
      : new SchemaAheadError(
          `The database has ${schema} migrations and this build knows ${info.schema}: deploy a build that knows them, or open with writeWhenAhead.`,
          details,
        )
  }

  close(): void {
    this.#roster?.cancel()
    for (const session of this.#sessions.values()) session.close()
    this.#sessions.clear()
  }

  #changed(): void {
    const { platform, everyone, engine } = this.#options
    this.#roster ??= platform.clock.after(ROSTER_DELAY, () => {
      this.#roster = undefined
      everyone.post({ type: 'roster', epoch: engine.epoch, members: this.infos() })
    })
  }
}
