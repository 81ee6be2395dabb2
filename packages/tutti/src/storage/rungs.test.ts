import { describe, expect, it } from 'vitest'
import { StorageUnavailableError } from '../errors/errors.ts'
import { chooseRung, openStore } from './rungs.ts'
import type { StorageEnvironment } from './storage-environment.ts'
import { StoreBusyError } from './store.ts'

const place = { user: 'u', database: 'd' }
const named = (name: string) => Object.assign(new Error('told by the browser'), { name })
const handles = { prototype: { createSyncAccessHandle: () => undefined } }
let ids = 0
const without = { sleep: () => Promise.resolve(), randomId: () => String(++ids) }

/** A browser whose OPFS fails at its first step with `error`. */
const failing = (error: Error): StorageEnvironment => ({
  storage: {
    async getDirectory() {
      throw error
    },
  },
  FileSystemFileHandle: handles,
  ...without,
})

describe('R26 which rung is taken', () => {
  it.each([
    ['no API at all', without],
    ['no sync access handles', { ...failing(named('x')), FileSystemFileHandle: { prototype: {} } }],
    ['a private window', failing(named('SecurityError'))],
    ['an API by name only', failing(named('UnknownError'))],
  ] satisfies [string, StorageEnvironment][])(
    'falls where OPFS is unsupported: %s',
    async (_, environment) => {
      expect(await chooseRung(environment, place, ['opfs', 'memory'])).toBe('memory')
    },
  )

  it.each([
    ['each time', false],
    ['also where its locks leak', true],
  ])(
    'falls where OPFS has files, but no sync access handles behind the name, %s, and leaves nothing there',
    async (_, leaks) => {
      const entries = new Set<string>()
      const locked = new Set<string>()
      const folder: Record<string, unknown> = {
        getDirectoryHandle: () => Promise.resolve(folder),
        async getFileHandle(name: string, { create = false } = {}) {
          if (!create && !entries.has(name)) throw named('NotFoundError')
          entries.add(name)
          return {
            async createSyncAccessHandle() {
              if (locked.has(name)) throw named('InvalidStateError')
              if (leaks) locked.add(name)
              throw named('NotSupportedError')
            },
          }
        },
        removeEntry: async (name: string) => void entries.delete(name),
        async *keys() {
          yield* entries
        },
      }
      const environment: StorageEnvironment = {
        storage: { getDirectory: () => Promise.resolve(folder as unknown as FileSystemDirectoryHandle) },
        FileSystemFileHandle: handles,
        ...without,
      }
      for (let time = 1; time <= 2; time++) {
        expect((await openStore(environment, place, { rungs: ['opfs', 'memory'] })).kind).toBe('memory')
        expect([...entries]).toEqual([])
      }
      await expect(openStore(environment, place, { rungs: ['opfs'] })).rejects.toThrow(
        /opfs: NotSupportedError/,
      )
    },
  )

  it('never falls where OPFS is busy or fails', async () => {
    for (const name of ['NoModificationAllowedError', 'QuotaExceededError', 'InvalidStateError']) {
      await expect(chooseRung(failing(named(name)), place, ['opfs', 'memory'])).rejects.toThrow(
        'told by the browser',
      )
    }
  })

  it('P6 takes memory only where it is listed', async () => {
    await expect(chooseRung(without, place, ['opfs', 'indexeddb'])).rejects.toThrow(StorageUnavailableError)
    expect((await openStore(without, place, { rungs: ['memory'] })).kind).toBe('memory')
  })

  it.each([
    ['elsewhere', 'NoModificationAllowedError'],
    ['elsewhere, as WebKit says it', 'InvalidStateError'],
  ])('waits longer and longer for files that are open %s, up to the bound', async (_, busy) => {
    const waits: number[] = []
    const folder: Record<string, unknown> = {
      getDirectoryHandle: () => Promise.resolve(folder),
      async *keys() {},
      getFileHandle: () =>
        Promise.resolve({
          createSyncAccessHandle: () => Promise.reject(named(busy)),
        }),
    }
    const environment: StorageEnvironment = {
      storage: { getDirectory: () => Promise.resolve(folder as unknown as FileSystemDirectoryHandle) },
      FileSystemFileHandle: handles,
      ...without,
      sleep: async (ms) => void waits.push(ms),
    }
    const opened = openStore(environment, place, { rungs: ['opfs', 'memory'], retryFor: 300 })
    await expect(opened).rejects.toThrow(StoreBusyError)
    expect(waits).toEqual([5, 10, 20, 40, 80, 160])
  })
})
