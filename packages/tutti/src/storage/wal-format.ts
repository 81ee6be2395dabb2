import { PAGE_SIZE } from './page-size.ts'

/*
 * The WAL file as sqlite.org/fileformat2.html#walformat describes it: a header of 32 bytes, then
 * frames of a 24-byte header and a page. A frame whose "size" word is not zero ends a transaction.
 */
export const WAL_HEADER_SIZE = 32
export const FRAME_HEADER_SIZE = 24
export const FRAME_SIZE = FRAME_HEADER_SIZE + PAGE_SIZE

const MAGIC_LITTLE_ENDIAN = 0x377f0682
const MAGIC_BIG_ENDIAN = 0x377f0683

/** Where frame `frame` (from 1) begins. */
export function frameOffset(frame: number): number {
  return WAL_HEADER_SIZE + (frame - 1) * FRAME_SIZE
}

/** What a write to the WAL is about, told by its offset and length alone. */
export type WalWrite =
  | { readonly part: 'header' }
  | { readonly part: 'frame-header' | 'page'; readonly frame: number }

/** @throws Error for a write that SQLite's WAL never makes, so that a misunderstanding stops at once. */
export function classifyWrite(at: number, length: number): WalWrite {
  if (at === 0 && length === WAL_HEADER_SIZE) return { part: 'header' }
  const frame = Math.floor((at - WAL_HEADER_SIZE) / FRAME_SIZE) + 1
  const within = at - frameOffset(frame)
  if (within === 0 && length === FRAME_HEADER_SIZE) return { part: 'frame-header', frame }
  if (within === FRAME_HEADER_SIZE && length === PAGE_SIZE) return { part: 'page', frame }
  throw new Error(`A write of ${length} bytes at ${at} does not fit the WAL's format`)
}

export interface FrameHeader {
  readonly page: number
  /** Pages in the database after this commit; 0 for a frame that does not end one. */
  readonly databaseSize: number
}

export function parseFrameHeader(bytes: Uint8Array): FrameHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  return { page: view.getUint32(0), databaseSize: view.getUint32(4) }
}

/** Follows the chain of salts and checksums that makes frames valid, in the order of the file. */
export class WalChain {
  readonly #salt1: number
  readonly #salt2: number
  readonly #littleEndian: boolean
  #sum1 = 0
  #sum2 = 0

  private constructor(view: DataView) {
    this.#littleEndian = view.getUint32(0) === MAGIC_LITTLE_ENDIAN
    this.#salt1 = view.getUint32(16)
    this.#salt2 = view.getUint32(20)
  }

  /** `undefined` where `header` is not that of a valid WAL: such a log is empty. */
  static start(header: Uint8Array): WalChain | undefined {
    const view = new DataView(header.buffer, header.byteOffset, WAL_HEADER_SIZE)
    const magic = view.getUint32(0)
    if (magic !== MAGIC_LITTLE_ENDIAN && magic !== MAGIC_BIG_ENDIAN) return undefined
    if (view.getUint32(8) !== PAGE_SIZE) return undefined
    const chain = new WalChain(view)
    chain.#add(view, 0, 24)
    return chain.#sum1 === view.getUint32(24) && chain.#sum2 === view.getUint32(28) ? chain : undefined
  }

  /** The header of the next frame, `undefined` where the valid frames end. */
  next(frame: Uint8Array): FrameHeader | undefined {
    const view = new DataView(frame.buffer, frame.byteOffset, FRAME_SIZE)
    const header = { page: view.getUint32(0), databaseSize: view.getUint32(4) }
    if (header.page === 0 || view.getUint32(8) !== this.#salt1 || view.getUint32(12) !== this.#salt2)
      return undefined
    this.#add(view, 0, 8)
    this.#add(view, FRAME_HEADER_SIZE, PAGE_SIZE)
    return this.#sum1 === view.getUint32(16) && this.#sum2 === view.getUint32(20) ? header : undefined
  }

  #add(view: DataView, from: number, length: number): void {
    const sums = addChecksum([this.#sum1, this.#sum2], view, { from, length }, this.#littleEndian)
    ;[this.#sum1, this.#sum2] = sums
  }
}

/** Whether a frame's checksum goes on from `sum1` and `sum2`, as in a log that this build of SQLite wrote. */
export function followsChecksum(frame: Uint8Array, sum1: number, sum2: number): boolean {
  const view = new DataView(frame.buffer, frame.byteOffset, FRAME_SIZE)
  const head = addChecksum([sum1, sum2], view, { from: 0, length: 8 }, true)
  const [end1, end2] = addChecksum(head, view, { from: FRAME_HEADER_SIZE, length: PAGE_SIZE }, true)
  return end1 === view.getUint32(16) && end2 === view.getUint32(20)
}

function addChecksum(
  [sum1, sum2]: readonly [number, number],
  view: DataView,
  { from, length }: { readonly from: number; readonly length: number },
  littleEndian: boolean,
): [number, number] {
  for (let at = from; at < from + length; at += 8) {
    sum1 = (sum1 + view.getUint32(at, littleEndian) + sum2) >>> 0
    sum2 = (sum2 + view.getUint32(at + 4, littleEndian) + sum1) >>> 0
  }
  return [sum1, sum2]
}
