import type { Opener, OpenSettings, Row, Session } from '../peers/peer.ts'
import { makeTune, makeTunes } from '../peers/tunes.ts'
import { ABSENT } from './absent.ts'
import { now } from './now.ts'
import { type PacedRead, type PacedReader, startPacedReader } from './paced-reader.ts'
import { countDeeds, type Deeds } from './spy.ts'
import { timeEach } from './time-each.ts'
import { type AnsweredWrite, startWriter, type Writer, type Written } from './writer.ts'

/** When an id was first seen, by the clock that all tabs share. */
export interface Seen {
  readonly id: number
  readonly at: number
}

/** When a write was called, and when it resolved. */
export interface DatedWrite {
  readonly id: number
  readonly called: number
  readonly resolved: number
}

export type PageBench = ReturnType<typeof createPageBench>

/** What a measure can have done in a tab. Times are milliseconds, measured on this thread. */
export function createPageBench(open: Opener) {
  let session: Session
  let writer: Writer
  let reader: PacedReader
  let seen: Map<number, number>
  let deeds: () => Deeds

  function able<Name extends keyof Session>(name: Name): NonNullable<Session[Name]> {
    const method = session[name]
    if (method === undefined) throw new Error(`${ABSENT}${name}`)
    return method
  }

  const write = (id: number, title?: string) => able('write')(makeTune(id, title))

  return {
    /** How long it took. */
    async open(settings: OpenSettings): Promise<number> {
      const from = performance.now()
      session = await open(settings)
      return performance.now() - from
    },

    /** How long it took from the call to a tune's row. */
    async openAndRead(settings: OpenSettings, id: number): Promise<number> {
      const from = performance.now()
      session = await open(settings)
      if ((await able('read')(id)) === undefined) throw new Error(`tune ${id} is not there`)
      return performance.now() - from
    },

    settled: async () => void (await session.settled?.()),

    close: async () => void (await session.close()),

    /** Tunes made beforehand, in one transaction; how long that took. */
    async bulk(from: number, count: number): Promise<number> {
      const tunes = makeTunes(from, count)
      const bulk = able('bulk')
      const called = performance.now()
      await bulk(tunes)
      return performance.now() - called
    },

    // A promise of a peer's own is none to Firefox's driver.
    count: async () => able('count')(),

    /** Which of these ids are not there. */
    async missing(ids: readonly number[]): Promise<number[]> {
      const missing = []
      for (const id of ids) if ((await able('read')(id)) === undefined) missing.push(id)
      return missing
    },

    writes: (from: number, n: number, title?: string) => timeEach(n, 1, (i) => write(from + i, title)),

    startWriting(from: number): void {
      able('write')
      writer = startWriter(from, (id) => write(id))
    },

    answeredSoFar: (): readonly AnsweredWrite[] => writer.answered,

    stopWriting: (): Promise<Written> => writer.stop(),

    reads: (n: number, each: number, of: number) =>
      timeEach(n, each, (i) => able('read')(1 + ((i * 7919) % of))),

    /** Nothing where the peer has no reads on this thread. */
    async readsNow(n: number, each: number, of: number): Promise<number[] | undefined> {
      const { readNow } = session
      if (readNow === undefined) return undefined
      const samples: number[] = []
      for (let sample = 0; sample < n; sample++) {
        const from = performance.now()
        for (let i = 0; i < each; i++) readNow(1 + (((sample * each + i) * 7919) % of))
        samples.push((performance.now() - from) / each)
      }
      return samples
    },

    async longReads(n: number, count: number, of: number): Promise<number[]> {
      const readMany = able('readMany')
      return timeEach(n, 1, async (i) => {
        const rows = await readMany((i * 7919) % (of - count), count)
        if (rows.length !== count) throw new Error(`${rows.length} rows instead of ${count}`)
      })
    },

    /** @param every ms */
    startReading(every: number, of: number): void {
      const read = able('read')
      reader = startPacedReader(every, (i) => read(1 + ((i * 7919) % of)))
    },

    readSoFar: (): number => reader.reads.length,

    stopReading: (): Promise<readonly PacedRead[]> => reader.stop(),

    /** Resolves once the first result is there. */
    async listen(title: string): Promise<void> {
      seen = new Map()
      const live = able('live')
      await new Promise<void>((resolve, reject) => {
        live(title, (rows: readonly Row[]) => {
          const at = now()
          for (const row of rows) {
            const id = Number(row['id'])
            if (!seen.has(id)) seen.set(id, at)
          }
          resolve()
        }).catch(reject)
      })
    },

    /** So many live queries more, whose results never change; resolves once each has its first. */
    async listenAside(n: number): Promise<void> {
      const live = able('live')
      const first = Array.from(
        { length: n },
        (_, i) =>
          new Promise<void>((resolve, reject) => {
            live(`tune ${i + 1}`, () => resolve()).catch(reject)
          }),
      )
      await Promise.all(first)
    },

    /** When each tune that `listen` heard of was first seen. */
    seen: (): Seen[] => [...seen].map(([id, at]) => ({ id, at })),

    async datedWrite(id: number, title: string): Promise<DatedWrite> {
      const called = now()
      await write(id, title)
      return { id, called, resolved: now() }
    },

    now,

    startSpying(): void {
      deeds = countDeeds()
    },

    deeds: (): Deeds => deeds(),
  }
}
