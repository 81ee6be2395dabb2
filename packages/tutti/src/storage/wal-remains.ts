import {
  FRAME_HEADER_SIZE,
  FRAME_SIZE,
  followsChecksum,
  frameOffset,
  WAL_HEADER_SIZE,
  WalChain,
} from './wal-format.ts'

/** Where a frame's header, and the log's, keep the checksum that the next frame goes on from. */
const SUM_IN_FRAME = 16
const SUM_IN_HEADER = 24
/** Where each keeps the salt of its turn of the log, and how long that is. */
const SALT_IN_FRAME = 8
const SALT_IN_HEADER = 16
const SALT_SIZE = 8

/**
 * Pages of frames from `from` on, behind the end that SQLite found: each was written as it is, for its
 * checksum follows from the one that stands before it, though not from the beginning. They are left from
 * before the log was rewound, or behind a frame that is damaged or was never flushed: which of these, only
 * what they say can tell. Where the log's beginning stands, a frame with another salt is from before it, and tells
 * of nothing newer: it is passed over. Looked at are those that `candidate` lets through, for a
 * checksum takes its time.
 */
export function* remainsOfWal(
  read: (into: Uint8Array, at: number) => number,
  size: number,
  from: number,
  candidate: (page: Uint8Array) => boolean,
): Generator<Uint8Array, void, undefined> {
  const sum = new Uint8Array(8)
  const frame = new Uint8Array(FRAME_SIZE)
  const page = frame.subarray(FRAME_HEADER_SIZE)
  const turn = from > 1 ? turnOf(read, size) : undefined
  const salt = new Uint8Array(SALT_SIZE)
  for (let number = from; frameOffset(number + 1) <= size; number++) {
    if (turn !== undefined) {
      if (read(salt, frameOffset(number) + SALT_IN_FRAME) < SALT_SIZE) return
      if (salt.some((byte, i) => byte !== turn[i])) continue
    }
    if (read(frame, frameOffset(number)) < FRAME_SIZE) return
    if (!candidate(page)) continue
    read(sum, number === 1 ? SUM_IN_HEADER : frameOffset(number - 1) + SUM_IN_FRAME)
    const view = new DataView(sum.buffer)
    if (followsChecksum(frame, view.getUint32(0), view.getUint32(4))) yield page.slice()
  }
}

/** The salt of the log's present turn; `undefined` where its header is none. */
function turnOf(read: (into: Uint8Array, at: number) => number, size: number): Uint8Array | undefined {
  const header = new Uint8Array(WAL_HEADER_SIZE)
  if (size < WAL_HEADER_SIZE || read(header, 0) < WAL_HEADER_SIZE) return undefined
  if (WalChain.start(header) === undefined) return undefined
  return header.subarray(SALT_IN_HEADER, SALT_IN_HEADER + SALT_SIZE)
}
