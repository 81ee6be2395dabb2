import { describe, expect, it } from 'vitest'
import { StorageUnavailableError } from '../errors/errors.ts'
import { chooseRung, openStore } from './rungs.ts'
import type { StorageEnvironment } from './storage-environment.ts'
import { StoreBusyError } from './store.ts'

const place = { user: 'u', database: 'd' }
const named = (name: string) => Object.assign(new Error('told by the browser'), { name })
const handles = { prototype: { createSyncAccessHandle: () => undefined } }
const sleep = () => Promise.resolve()

/** A browser whose OPFS fails at its first step with `error`. */
const failing = (error: Error): StorageEnvironment => ({
  storage: {
    async getDirectory() {
      throw error
    },
  },
  FileSystemFileHandle: handles,
  sleep,
})

describe('R26 which rung is taken', () => {
  it.each([
    ['no API at all', { sleep }],
    ['no sync access handles', { ...failing(named('x')), FileSystemFileHandle: { prototype: {} } }],
    ['a private window', failing(named('SecurityError'))],
    ['an API by name only', failing(named('UnknownError'))],
  ] satisfies [string, StorageEnvironment][])(
    'falls where OPFS is unsupported: %s',
    async (_, environment) => {
      expect(await chooseRung(environment, place, ['opfs', 'memory'])).toBe('memory')
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
    await expect(chooseRung({ sleep }, place, ['opfs', 'indexeddb'])).rejects.toThrow(StorageUnavailableError)
    expect((await openStore({ sleep }, place, { rungs: ['memory'] })).kind).toBe('memory')
  })

  it('waits longer and longer for files that are open elsewhere, up to the bound', async () => {
    const waits: number[] = []
    const folder: Record<string, unknown> = {
      getDirectoryHandle: () => Promise.resolve(folder),
      async *keys() {},
      getFileHandle: () =>
        Promise.resolve({
          createSyncAccessHandle: () => Promise.reject(named('NoModificationAllowedError')),
        }),
    }
    const environment: StorageEnvironment = {
      storage: { getDirectory: () => Promise.resolve(folder as unknown as FileSystemDirectoryHandle) },
      FileSystemFileHandle: handles,
      sleep: async (ms) => void waits.push(ms),
    }
    const opened = openStore(environment, place, { rungs: ['opfs', 'memory'], retryFor: 300 })
    await expect(opened).rejects.toThrow(StoreBusyError)
    expect(waits).toEqual([5, 10, 20, 40, 80, 160])
  })
})
