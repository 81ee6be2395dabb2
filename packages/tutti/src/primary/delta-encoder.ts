import type { PageDelta } from '../protocol/values.ts'
import { PAGE_SIZE } from '../storage/page-size.ts'
import { spanOf } from '../storage/pieces.ts'

/** Pages that are remembered, 4 MiB of them. */
const REMEMBERED = 1024
/** A commit of more pages goes as it is: it is fetched piece by piece, and a write would wait for the comparing. */
const MOST = 256
/** In words, as all that follows: what is between two changes is sent along where it is shorter than this. */
const APART = 4
const WORDS = PAGE_SIZE / 4

/**
 * Leaves out of a commit's pages what they had in the commit before, which whoever follows has already. Most of
 * a page stays as it was when a row is written: a few hundred bytes are sent in the place of 16 KiB.
 */
export class DeltaEncoder {
  /** Pages as they were sent last, the one that was sent longest ago first. */
  readonly #sent = new Map<number, Uint32Array>()
  #databaseSize = 0

  /** To be called for every commit, in order. */
  encode(delta: PageDelta): PageDelta {
    const { numbers, bytes, databaseSize } = delta
    this.#forgetBeyond(databaseSize)
    if (numbers.length > MOST) {
      for (const page of numbers) this.#sent.delete(page)
      return delta
    }
    const pieces = new Pieces()
    for (const [i, page] of numbers.entries()) {
      const now = bytes.slice(i * PAGE_SIZE, (i + 1) * PAGE_SIZE)
      const words = new Uint32Array(now.buffer)
      const before = this.#sent.get(page)
      if (before === undefined) pieces.add(page, 0, now)
      else
        for (const [from, to] of changesOf(before, words))
          pieces.add(page, from * 4, now.subarray(from * 4, to * 4))
      this.#sent.delete(page)
      this.#sent.set(page, words)
    }
    for (const page of this.#sent.keys()) {
      if (this.#sent.size <= REMEMBERED) break
      this.#sent.delete(page)
    }
    return pieces.toDelta(databaseSize)
  }

  /** From here on those who follow have other pages. */
  forget(): void {
    this.#sent.clear()
  }

  /** Pages that are cut off come back empty. */
  #forgetBeyond(databaseSize: number): void {
    if (databaseSize < this.#databaseSize)
      for (const page of this.#sent.keys()) if (page > databaseSize) this.#sent.delete(page)
    this.#databaseSize = databaseSize
  }
}

/** From where to where two pages differ. */
function* changesOf(
  before: Uint32Array,
  now: Uint32Array,
): Generator<[from: number, to: number], void, undefined> {
  for (let from = 0; from < WORDS; from++) {
    if (before[from] === now[from]) continue
    let to = from + 1
    for (let i = to; i < WORDS && i < to + APART; i++) if (before[i] !== now[i]) to = i + 1
    yield [from, to]
    from = to
  }
}

class Pieces {
  readonly #pages: number[] = []
  readonly #spans: number[] = []
  readonly #pieces: Uint8Array[] = []
  #length = 0

  add(page: number, start: number, piece: Uint8Array): void {
    this.#pages.push(page)
    this.#spans.push(spanOf(start, piece.length))
    this.#pieces.push(piece)
    this.#length += piece.length
  }

  toDelta(databaseSize: number): PageDelta {
    const bytes = new Uint8Array(this.#length)
    let at = 0
    for (const piece of this.#pieces) {
      bytes.set(piece, at)
      at += piece.length
    }
    return {
      numbers: Uint32Array.from(this.#pages),
      spans: Uint32Array.from(this.#spans),
      bytes,
      databaseSize,
    }
  }
}
