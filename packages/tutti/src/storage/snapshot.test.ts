import { expect, it } from 'vitest'
import { MemoryDevice } from './memory-device.ts'

const CHUNK = 256 * 1024

function contentOf(device: MemoryDevice): Uint8Array {
  const bytes = new Uint8Array(device.size())
  device.read(bytes, 0)
  return bytes
}

it('P1.8: a device that was shared keeps its content, whatever is written to the other one, and pays for that alone', () => {
  const device = new MemoryDevice()
  device.write(new Uint8Array(4 * CHUNK).fill(1), 0)
  const early = device.share()
  expect(early.bytesBeyond(device)).toBe(0)
  device.write(Uint8Array.of(2, 2), CHUNK - 1)
  expect(early.bytesBeyond(device)).toBe(2 * CHUNK)
  const late = device.share()
  device.truncate(2 * CHUNK + 7)
  device.write(Uint8Array.of(3), 2 * CHUNK + 9)
  late.write(Uint8Array.of(4), 0)
  device.truncate(0)
  device.write(new Uint8Array(CHUNK).fill(5), 0)
  expect(contentOf(early)).toEqual(new Uint8Array(4 * CHUNK).fill(1))
  const written = new Uint8Array(4 * CHUNK).fill(1)
  written.set([2, 2], CHUNK - 1)
  written[0] = 4
  expect(Buffer.compare(contentOf(late), written)).toBe(0)
  expect(contentOf(device)).toEqual(new Uint8Array(CHUNK).fill(5))
  expect(early.bytesBeyond(device)).toBe(4 * CHUNK)
})
