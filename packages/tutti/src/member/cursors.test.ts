import { expect, it } from 'vitest'
import { ManualClock } from '../platform/testing/manual-clock.ts'
import { UNLIMITED } from '../sqlite/deadline.ts'
import { Cursors, cursorOver } from './cursors.ts'
import type { ReplicaCursor } from './replica.ts'

const MB = 1024 * 1024

class FakeCursor implements ReplicaCursor {
  kept = 0
  closed = false
  next() {
    return { columns: ['a'], rows: [[1]], done: false }
  }
  close(): void {
    this.closed = true
  }
}

function begun(...names: string[]) {
  const clock = new ManualClock()
  const cursors = new Cursors(clock)
  const fakes = names.map((name) => {
    const fake = new FakeCursor()
    cursors.begin(name, fake, 7, UNLIMITED)
    return fake
  })
  return { clock, cursors, fakes: fakes as [FakeCursor, FakeCursor, FakeCursor] }
}

it('P1.8: a loop that asks for no row within 60 s loses its version, and is told once it comes back', () => {
  const { clock, cursors, fakes } = begun('a', 'b')
  clock.pass(59_000)
  expect(cursors.pull('a', UNLIMITED)).toMatchObject({ version: 7, done: false })
  clock.pass(59_000)
  expect(fakes.map(({ closed }) => closed)).toEqual([false, true])
  expect(() => cursors.pull('b', UNLIMITED)).toThrow(/no row was asked for within 60 s/)
  cursors.release('a')
  expect(fakes[0].closed).toBe(true)
  expect(() => cursors.pull('a', UNLIMITED)).toThrow(expect.objectContaining({ code: 'SNAPSHOT_LOST' }))
})

it('P1.8: past 64 MiB of what was changed since, those asked longest ago lose theirs', () => {
  const { cursors, fakes } = begun('a', 'b', 'c')
  cursors.pull('a', UNLIMITED)
  for (const fake of fakes) fake.kept = 30 * MB
  cursors.pull('c', UNLIMITED)
  expect(fakes.map(({ closed }) => closed)).toEqual([false, true, false])
  expect(() => cursors.pull('b', UNLIMITED)).toThrow(/too much was written/)
  fakes[0].kept = 70 * MB
  expect(() => cursors.pull('a', UNLIMITED)).toThrow(/too much was written/)
  expect(fakes[2].closed).toBe(false)
})

it('P1.8: a whole result is handed on in pieces, each row once', () => {
  const rows = Array.from({ length: 10 }, (_, i) => [i, 'x'.repeat(100)])
  const cursor = cursorOver({ columns: ['i', 'text'], rows })
  const pieces = []
  do pieces.push(cursor.next(1000, UNLIMITED))
  while (pieces.at(-1)?.done === false)
  expect(pieces.length).toBeGreaterThan(2)
  expect(pieces.flatMap((piece) => piece.rows)).toEqual(rows)
})
