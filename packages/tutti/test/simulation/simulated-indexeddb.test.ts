import { describe, expect, test } from 'vitest'
import { createSimulation, type Simulation } from '../../src/platform/simulated.ts'
import { deleteStore, openStore, storeExists } from '../../src/storage/rungs.ts'
import { FencedError } from '../../src/storage/store.ts'
import { simulatedStorage } from './simulated-opfs.ts'

const PLACE = { user: 'u-1', database: 'practice' }
const RUNGS = ['indexeddb'] as const

function storage(world: Simulation, tab: string) {
  const environment = simulatedStorage(world.tab(tab).context('primary'))
  return { environment, open: () => world.settle(openStore(environment, PLACE, { rungs: RUNGS })) }
}

function content(device: { size(): number; read(into: Uint8Array, at: number): number }): number[] {
  const bytes = new Uint8Array(device.size())
  device.read(bytes, 0)
  return [...bytes]
}

describe('the storage layer on the simulated IndexedDB', () => {
  test('finds nothing where nothing was made, and afterwards what was flushed', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const world = createSimulation({ seed })
      const a = storage(world, 'A')
      expect(await world.settle(storeExists(a.environment, PLACE, RUNGS))).toBe(undefined)
      const store = await a.open()
      await world.settle(store.fence('i', 1))
      store.main.write(new Uint8Array([1, 2]), 0)
      store.wal.write(new Uint8Array([3]), 0)
      await world.settle(store.flush() as Promise<void>)
      store.main.write(new Uint8Array([9]), 0)
      world.powerCut()
      const other = await storage(world, 'B').open()
      expect([content(other.main), content(other.wal)]).toEqual([[1, 2], [3]])
      expect(await world.settle(other.verify())).toBe('present')
    }
  })

  test('R26.1 keeps what it has when the browser learns of a rung that is preferred, and copies nothing there', async () => {
    const world = createSimulation({ seed: 1 })
    const context = world.tab('A').context('primary')
    const grown = simulatedStorage(context)
    const { storage: _, ...young } = grown
    const rungs = ['opfs', 'indexeddb'] as const
    const store = await world.settle(openStore(young, PLACE, { rungs }))
    expect(store.kind).toBe('indexeddb')
    await world.settle(store.fence('i', 1))
    store.main.write(new Uint8Array([1, 2]), 0)
    await world.settle(store.flush() as Promise<void>)
    store.close()
    const again = await world.settle(openStore(grown, PLACE, { rungs }))
    expect([again.kind, content(again.main)]).toEqual(['indexeddb', [1, 2]])
    expect(world.disk.paths).toEqual([])
    const other = await world.settle(openStore(grown, { ...PLACE, database: 'new' }, { rungs }))
    expect(other.kind).toBe('opfs')
  })

  test('R27 refuses a flush of one whose claim was taken over, and a claim on what was read too early', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const world = createSimulation({ seed })
      const [a, b, c] = [storage(world, 'A'), storage(world, 'B'), storage(world, 'C')]
      const [first, second, third] = [await a.open(), await b.open(), await c.open()]
      await world.settle(first.fence('i', 1))
      await world.settle(second.fence('i', 2))
      first.main.write(new Uint8Array([1]), 0)
      await expect(world.settle(first.flush() as Promise<void>)).rejects.toBeInstanceOf(FencedError)
      second.main.write(new Uint8Array([2]), 0)
      await world.settle(second.flush() as Promise<void>)
      await expect(world.settle(third.fence('i', 3))).rejects.toBeInstanceOf(FencedError)
      expect(content((await c.open()).main)).toEqual([2])
    }
  })

  test('a death takes along what was not committed, and a flush that is under way is there whole or not at all', async () => {
    const seen = new Set<string>()
    for (let seed = 1; seed <= 60; seed++) {
      const world = createSimulation({ seed })
      const [a, b] = [storage(world, 'A'), storage(world, 'B')]
      const store = await a.open()
      await world.settle(store.fence('i', 1))
      store.main.write(new Uint8Array([1]), 0)
      store.wal.write(new Uint8Array([1]), 0)
      void (store.flush() as Promise<void>).catch(() => undefined)
      await world.runFor(world.prng.number() * 12)
      world.tab('A').kill()
      const other = await b.open()
      seen.add(JSON.stringify([content(other.main), content(other.wal)]))
    }
    expect([...seen].sort()).toEqual(['[[1],[1]]', '[[],[]]'])
  })

  test('is deleted when whoever has it open has let go', async () => {
    const world = createSimulation({ seed: 1 })
    const [a, b] = [storage(world, 'A'), storage(world, 'B')]
    const store = await a.open()
    await world.settle(store.fence('i', 1))
    await world.settle(deleteStore(b.environment, PLACE, 'indexeddb'))
    expect(await world.settle(store.verify())).toBe('gone')
    expect(await world.settle(storeExists(b.environment, PLACE, RUNGS))).toBe(undefined)
  })
})
