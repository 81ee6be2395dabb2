import { describe, expect, test } from 'vitest'
import { FRAME_SIZE, followsChecksum, WAL_HEADER_SIZE, WalChain } from './wal-format.ts'

/** As sqlite.org/fileformat2.html#checksum_algorithm has it, word by word. */
function sumsOf(
  view: DataView,
  ranges: readonly (readonly [number, number])[],
  little: boolean,
  sums: bigint[],
) {
  for (const [from, to] of ranges) {
    for (let at = from; at < to; at += 8) {
      const word = (offset: number) => BigInt(view.getUint32(offset, little))
      sums[0] = BigInt.asUintN(32, (sums[0] ?? 0n) + word(at) + (sums[1] ?? 0n))
      sums[1] = BigInt.asUintN(32, (sums[1] ?? 0n) + word(at + 4) + sums[0])
    }
  }
  return sums
}

/** A log with one frame, whose words are large ones. */
function logOf(little: boolean) {
  const bytes = new Uint8Array(WAL_HEADER_SIZE + FRAME_SIZE).map((_, i) => (i * 37 + 200) % 256)
  const header = new DataView(bytes.buffer, 0, WAL_HEADER_SIZE)
  const frame = new DataView(bytes.buffer, WAL_HEADER_SIZE, FRAME_SIZE)
  const setSums = (view: DataView, at: number, sums: bigint[]) =>
    sums.map((sum, i) => view.setUint32(at + 4 * i, Number(sum)))
  header.setUint32(0, little ? 0x377f0682 : 0x377f0683)
  header.setUint32(8, 4096)
  const sums = [0n, 0n]
  setSums(header, 24, sumsOf(header, [[0, 24]], little, sums))
  const before = sums.map(Number)
  for (const at of [0, 4]) frame.setUint32(at, 1)
  for (const at of [8, 12]) frame.setUint32(at, header.getUint32(8 + at))
  const ranges = [
    [0, 8],
    [24, FRAME_SIZE],
  ] as const
  setSums(frame, 16, sumsOf(frame, ranges, little, sums))
  return { header: bytes.subarray(0, WAL_HEADER_SIZE), frame: bytes.subarray(WAL_HEADER_SIZE), before }
}

describe.each([true, false])('a log in words of little end first: %s', (little) => {
  test('is followed to its end, and no further than where a bit is wrong', () => {
    const { header, frame } = logOf(little)
    expect(WalChain.start(header)?.next(frame)).toEqual({ page: 1, databaseSize: 1 })
    for (const at of [3, 8, 20, 24, 2000, FRAME_SIZE - 1]) {
      const damaged = frame.slice()
      damaged[at] = (damaged[at] ?? 0) ^ 1
      expect([at, WalChain.start(header)?.next(damaged)]).toEqual([at, undefined])
    }
  })

  test('is followed wherever it stands in memory', () => {
    const { header, frame } = logOf(little)
    const shifted = new Uint8Array(FRAME_SIZE + 1).subarray(1)
    shifted.set(frame)
    expect(WalChain.start(header)?.next(shifted)).toEqual({ page: 1, databaseSize: 1 })
  })
})

test('a frame alone follows from the sums that stand before it', () => {
  const { frame, before } = logOf(true)
  const [sum1 = 0, sum2 = 0] = before
  expect(followsChecksum(frame, sum1, sum2)).toBe(true)
  expect(followsChecksum(frame, sum1, sum2 + 1)).toBe(false)
})
