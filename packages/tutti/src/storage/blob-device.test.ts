import { expect, it } from 'vitest'
import { createPrng, memoryBlobs } from '../platform/simulated.ts'
import { BlobDevice } from './blob-device.ts'
import { MemoryDevice } from './memory-device.ts'

const MB = 1024 * 1024

it('R2.2: holds what a device in memory holds, also where it goes back to pieces that were put away', async () => {
  const prng = createPrng(7)
  const below = (n: number) => Math.floor(prng.number() * n)
  let pieces = 0
  const device = new BlobDevice(memoryBlobs(), () => pieces++)
  const model = new MemoryDevice()
  for (let step = 0; step < 300; step++) {
    const at = below(24 * MB)
    if (step % 40 === 39) {
      device.truncate(at)
      model.truncate(at)
    } else if (prng.number() < 0.7) {
      const bytes = new Uint8Array(1 + below(3000)).fill(1 + below(255))
      device.write(bytes, at)
      model.write(bytes, at)
    }
    const [one, other] = [new Uint8Array(2 * MB), new Uint8Array(2 * MB)]
    const from = below(24 * MB)
    expect(device.read(one, from)).toBe(model.read(other, from))
    expect(Buffer.compare(one, other)).toBe(0)
    expect(device.size()).toBe(model.size())
  }
  expect(pieces).toBeGreaterThan(100)
  const file = device.toBlob('application/vnd.sqlite3')
  expect([file.type, file.size]).toEqual(['application/vnd.sqlite3', model.size()])
  const whole = new Uint8Array(model.size())
  model.read(whole, 0)
  expect(Buffer.compare(new Uint8Array(await file.arrayBuffer()), whole)).toBe(0)
})
