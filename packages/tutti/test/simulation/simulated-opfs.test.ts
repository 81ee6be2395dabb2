import { describe, expect, test } from 'vitest'
import { createSimulation, type Simulation } from '../../src/platform/simulated.ts'
import type { Device } from '../../src/storage/device.ts'
import { deleteStore, openStore, quarantine, storeExists } from '../../src/storage/rungs.ts'
import { StoreBusyError } from '../../src/storage/store.ts'
import { simulatedStorage } from './simulated-opfs.ts'

const PLACE = { user: 'u-1', database: 'practice' }
const RUNGS = ['opfs'] as const
const FILES = ['tutti/u-1/practice.sqlite3', 'tutti/u-1/practice.sqlite3-wal']

function storage(world: Simulation, tab: string) {
  const context = world.tab(tab).context('primary')
  const environment = simulatedStorage(context)
  return { context, environment, open: () => openStore(environment, PLACE, { rungs: RUNGS }) }
}

describe('the storage layer on the simulated file system', () => {
  test('a second opener waits until the first is dead and its handles have fallen, and finds its bytes', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const world = createSimulation({ seed })
      const [first, second] = [storage(world, 'A'), storage(world, 'B')]
      const store = await world.settle(first.open())
      store.wal.write(new Uint8Array([1, 2, 3]), 0)
      let opened = false
      const waiting = second.open().then((other) => {
        opened = true
        return other
      })
      await world.runFor(500)
      expect(opened).toBe(false)
      world.tab('A').kill()
      const other = await world.settle(waiting)
      const bytes = new Uint8Array(3)
      expect(other.wal.read(bytes, 0)).toBe(3)
      expect([...bytes]).toEqual([1, 2, 3])
    }
  })

  test('an open file of the disk is a device as it stands', () => {
    const world = createSimulation({ seed: 1 })
    const device: Device = world.disk.open(world.tab('A').context('primary'), 'db')
    expect(device.write(new Uint8Array([1]), 2)).toBe(1)
    expect(device.size()).toBe(3)
  })

  test('notices cleared site data, and sets files aside or deletes them when they are closed', async () => {
    const world = createSimulation({ seed: 1 })
    const { environment, open } = storage(world, 'A')
    const store = await world.settle(open())
    expect(world.disk.openPaths).toEqual(FILES)
    store.main.write(new Uint8Array(10), 0)
    expect(await world.settle(store.verify())).toBe('present')
    const early = world.settle(deleteStore(environment, PLACE, 'opfs', 50))
    await expect(early).rejects.toBeInstanceOf(StoreBusyError)
    for (const path of FILES) world.disk.remove(path)
    expect(await world.settle(store.verify())).toBe('gone')
    store.close()

    const again = await world.settle(open())
    again.close()
    const error = await world.settle(quarantine(environment, PLACE, 'opfs', 7))
    expect(error).toMatchObject({ quarantined: 'corrupt-7.sqlite3', backup: false })
    const aside = ['corrupt-7.sqlite3', 'corrupt-7.sqlite3-wal', 'damaged-7']
    expect(world.disk.paths).toEqual(aside.map((name) => `tutti/u-1/practice.${name}`))
    expect(await world.settle(storeExists(environment, PLACE, RUNGS))).toBe('opfs')
    await expect(world.settle(open())).rejects.toMatchObject({ quarantined: 'corrupt-7.sqlite3' })
    await world.settle(deleteStore(environment, PLACE, 'opfs'))
    expect(world.disk.paths).toEqual([])
  })
})
