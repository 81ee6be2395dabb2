import { describe, expect, test } from 'vitest'
import { createSimulation, type SimulatedHandle, type Simulation } from '../simulated.ts'

const open = (world: Simulation, tab: string, path = 'db'): SimulatedHandle =>
  world.disk.open(world.tab(tab).context('primary'), path)

const sector = (fill: number) => new Uint8Array(4096).fill(fill)

function content(device: SimulatedHandle): Uint8Array {
  const bytes = new Uint8Array(device.size())
  expect(device.read(bytes, 0)).toBe(bytes.length)
  return bytes
}

describe('a simulated disk', () => {
  test('gives a file to one context at a time, and after a death only late', async () => {
    const world = createSimulation({ seed: 1, lateRelease: [40, 60] })
    const first = open(world, 'A')
    expect(() => open(world, 'B')).toThrow(expect.objectContaining({ name: 'NoModificationAllowedError' }))
    first.close()
    const second = open(world, 'B')
    second.write(sector(7), 0)
    world.tab('B').kill()
    expect(() => open(world, 'A')).toThrow(expect.objectContaining({ name: 'NoModificationAllowedError' }))
    await world.runFor(70)
    expect(Array.from(content(open(world, 'A')))).toEqual(Array.from(sector(7)))
    expect(() => second.write(sector(8), 0)).toThrow(expect.objectContaining({ name: 'InvalidStateError' }))
  })

  test('a killed browser loses nothing, a power cut only what was not flushed', () => {
    const kept = new Set<string>()
    for (let seed = 0; seed < 200; seed++) {
      const world = createSimulation({ seed })
      const file = open(world, 'A')
      file.write(sector(1), 0)
      file.flush()
      const three = new Uint8Array(3 * 4096)
      three.set(sector(2), 0)
      three.set(sector(3), 4096)
      three.set(sector(4), 8192)
      file.write(three, 4096)
      world.powerCut()
      const bytes = content(open(world, 'B'))
      expect(bytes.subarray(0, 4096).every((byte) => byte === 1)).toBe(true)
      let survivors = ''
      for (let at = 4096; at < bytes.length; at += 4096) survivors += bytes[at] ?? ''
      kept.add(survivors)
    }
    // All, none, each prefix, and subsets with holes (a hole before a kept sector reads as zeros).
    for (const survivors of ['', '2', '23', '234', '03', '004', '034']) expect(kept).toContain(survivors)
  })

  test('truncated bytes do not come back when the file grows again', () => {
    const world = createSimulation({ seed: 1 })
    const file = open(world, 'A')
    file.write(sector(9), 0)
    file.truncate(10)
    file.truncate(20)
    expect([...content(file)]).toEqual([...Array<number>(10).fill(9), ...Array<number>(10).fill(0)])
  })

  test('lets the N-th operation fail, once or from then on, also by a short or absurd count', () => {
    const { disk, tab } = withFile()
    disk.faults.failAt(2, 'throw')
    expect(tab.write(sector(1), 0)).toBe(4096)
    expect(() => tab.write(sector(1), 0)).toThrow(expect.objectContaining({ name: 'UnknownError' }))
    expect(tab.write(sector(1), 0)).toBe(4096)

    disk.faults.failAt(1, 'full', { lasting: true })
    expect(() => tab.write(sector(2), 0)).toThrow(expect.objectContaining({ name: 'QuotaExceededError' }))
    expect(() => tab.flush()).toThrow(expect.objectContaining({ name: 'QuotaExceededError' }))
    disk.faults.heal()

    disk.faults.failAt(1, 'short')
    expect(tab.write(sector(3), 0)).toBe(2048)
    disk.faults.failAt(1, 'absurd')
    expect(tab.write(sector(4), 0)).toBe(4294967288)
    expect([content(tab)[0], content(tab)[2048]]).toEqual([3, 1])
  })

  test('refuses to grow past the quota, and still lets existing bytes be written', () => {
    const { disk, tab } = withFile()
    tab.write(sector(1), 0)
    disk.quota = 6000
    expect(() => tab.write(sector(1), 4096)).toThrow(expect.objectContaining({ name: 'QuotaExceededError' }))
    expect(tab.write(sector(2), 0)).toBe(4096)
  })

  test('a file removed from under its handle takes writes, but nobody finds them', () => {
    const world = createSimulation({ seed: 1 })
    const handle = world.disk.open(world.tab('A').context('primary'), 'db')
    expect(handle.linked()).toBe(true)
    world.disk.remove('db')
    handle.write(sector(1), 0)
    expect(handle.linked()).toBe(false)
    expect(world.disk.paths).toEqual([])
  })

  function withFile() {
    const world = createSimulation({ seed: 1 })
    return { disk: world.disk, tab: open(world, 'A') }
  }
})
