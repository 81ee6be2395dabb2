import { describe, expect, test } from 'vitest'
import type { PageDelta } from '../protocol/values.ts'
import { MemoryDevice } from '../storage/memory-device.ts'
import { PAGE_SIZE } from '../storage/page-size.ts'
import { piecesOf } from '../storage/pieces.ts'
import { DeltaEncoder } from './delta-encoder.ts'

/** A database, and a copy that is told of its commits by an encoder only. */
function pair() {
  const [database, copy] = [new MemoryDevice(), new MemoryDevice()]
  const encoder = new DeltaEncoder()
  /** Commits these pages as they are now. The bytes that were sent. */
  const commit = (pages: readonly number[], databaseSize: number): number => {
    database.truncate(databaseSize * PAGE_SIZE)
    const bytes = new Uint8Array(pages.length * PAGE_SIZE)
    for (const [i, page] of pages.entries())
      database.read(bytes.subarray(i * PAGE_SIZE, (i + 1) * PAGE_SIZE), (page - 1) * PAGE_SIZE)
    const delta = encoder.encode({ numbers: Uint32Array.from(pages), bytes, databaseSize })
    apply(copy, delta)
    return delta.bytes.length
  }
  const write = (page: number, at: number, bytes: readonly number[]) =>
    database.write(Uint8Array.from(bytes), (page - 1) * PAGE_SIZE + at)
  return { database, copy, encoder, commit, write }
}

function apply(copy: MemoryDevice, delta: PageDelta): void {
  copy.truncate(delta.databaseSize * PAGE_SIZE)
  for (const { page, start, piece } of piecesOf(delta)) copy.write(piece, (page - 1) * PAGE_SIZE + start)
}

const content = (device: MemoryDevice) => Buffer.concat(device.chunks())

describe('of a page is sent', () => {
  test('all of it the first time, and then what changed', () => {
    const { commit, write, database, copy } = pair()
    write(1, 0, [1, 2, 3])
    write(2, 4095, [9])
    expect(commit([1, 2], 2)).toBe(2 * PAGE_SIZE)
    write(1, 1, [7])
    write(2, 0, [5])
    write(2, 4092, [5])
    expect(commit([1, 2], 2)).toBe(3 * 4)
    expect(content(copy)).toEqual(content(database))
  })

  test('nothing where it was written as it is', () => {
    const { commit } = pair()
    commit([1], 1)
    expect(commit([1], 1)).toBe(0)
  })

  test('all of it where it was cut off meanwhile', () => {
    const { commit, write, database, copy } = pair()
    write(3, 8, [1, 1, 1, 1])
    commit([1, 2, 3], 3)
    commit([1], 2)
    write(3, 8, [1, 1, 1, 1])
    write(3, 100, [2])
    commit([1, 3], 3)
    expect(content(copy)).toEqual(content(database))
  })

  test('all of it after a commit that was sent as it is, and after those who follow began anew', () => {
    const { commit, encoder } = pair()
    const many = Array.from({ length: 257 }, (_, i) => i + 1)
    commit([1], 300)
    expect(commit(many, 300)).toBe(257 * PAGE_SIZE)
    expect(commit([1], 300)).toBe(PAGE_SIZE)
    expect(commit([1], 300)).toBe(0)
    encoder.forget()
    expect(commit([1], 300)).toBe(PAGE_SIZE)
  })

  test('all of it where it was sent too long ago to be remembered', () => {
    const { commit } = pair()
    for (let page = 1; page <= 1025; page++) commit([page], 1025)
    expect(commit([1025], 1025)).toBe(0)
    expect(commit([1], 1025)).toBe(PAGE_SIZE)
  })
})

test('a copy stays equal over a long random history', () => {
  const { commit, write, database, copy } = pair()
  let state = 42
  const random = (below: number) => (state = (state * 48_271) % 2_147_483_647) % below
  let size = 4
  for (let i = 0; i < 2000; i++) {
    if (random(20) === 0) size = 2 + random(8)
    const pages = Array.from({ length: size }, (_, p) => p + 1).filter(() => random(2) === 0)
    for (const page of pages) {
      for (let n = random(6); n > 0; n--) {
        const at = random(PAGE_SIZE)
        write(
          page,
          at,
          Array.from({ length: Math.min(1 + random(40), PAGE_SIZE - at) }, () => random(3)),
        )
      }
    }
    commit(pages, size)
    expect(content(copy).equals(content(database)), `after commit ${i}`).toBe(true)
  }
})
