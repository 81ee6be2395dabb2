import type { PageDelta } from '../protocol/values.ts'
import { PAGE_SIZE } from './page-size.ts'

/** Some bytes of a page. */
export interface Piece {
  /** Number of the page, from 1. */
  readonly page: number
  /** Where in the page they begin. */
  readonly start: number
  readonly piece: Uint8Array<ArrayBuffer>
}

const LENGTHS = 65_536

/** What `spans` says of bytes in a page. */
export function spanOf(start: number, length: number): number {
  return start * LENGTHS + length
}

/** How many bytes such a number stands for. */
export function lengthOf(span: number): number {
  return span % LENGTHS
}

/** What a delta has of each page, in its order. */
export function* piecesOf({ numbers, spans, bytes }: PageDelta): Generator<Piece, void, undefined> {
  let at = 0
  for (const [i, page] of numbers.entries()) {
    const span = spans?.[i] ?? PAGE_SIZE
    const end = at + lengthOf(span)
    yield { page, start: Math.floor(span / LENGTHS), piece: bytes.subarray(at, end) }
    at = end
  }
}
