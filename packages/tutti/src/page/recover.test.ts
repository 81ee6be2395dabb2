import { describe, expect, it } from 'vitest'
import {
  CallTimeoutError,
  DatabaseClosedError,
  ParameterError,
  RecoveryRefusedError,
  StorageCorruptError,
  WorkerFailedError,
} from '../errors/errors.ts'
import { serializeError } from '../errors/wire.ts'
import type { RecoveryResult } from '../protocol/recovery-messages.ts'
import type { RecoverOptions } from './recovery.ts'
import { answering, FakePage, is } from './testing/fake-page.ts'

const DAMAGED = { name: 'corrupt-7.sqlite3', at: 7, size: 12 }
const BACKUP = { name: 'backup-5-3-abc.sqlite3', version: 3, at: 5, size: 4096 }

/** A page whose workers list one damaged database and one backup, and answer all else with `result`. */
function pageWith(result: RecoveryResult = {}): FakePage {
  const page = new FakePage()
  page.recoveryScript = ({ ask }, worker) => {
    const list = { damaged: [DAMAGED], backups: [BACKUP] }
    worker.send({ type: 'recovered', result: ask.op === 'list' ? { list } : result })
  }
  return page
}

describe('R29.1 recover()', () => {
  it('lists what is there, asks a worker for each thing, and lets none live on', async () => {
    const page = pageWith({ files: [new Blob(['file']), new Blob(['log'])] })
    const recovery = await page.recover({ user: 'u', name: 'practice', storage: ['opfs'] })
    expect([recovery.damaged, recovery.backups]).toEqual([[DAMAGED], [BACKUP]])
    const { database, log } = await recovery.damagedBytes(DAMAGED.name)
    expect([await database.text(), await log.text()]).toEqual(['file', 'log'])
    await recovery.restore()
    await recovery.restore(BACKUP)
    await recovery.restore(DAMAGED.name)
    await recovery.startEmpty()
    await recovery.destroy()
    const asked = await Promise.all(page.recoveries.map((worker) => worker.message()))
    expect(asked.map(({ ask }) => ask)).toEqual([
      { op: 'list' },
      { op: 'read', name: DAMAGED.name },
      { op: 'restore', name: undefined },
      { op: 'restore', name: BACKUP.name },
      { op: 'restore', name: DAMAGED.name },
      { op: 'start-empty' },
      { op: 'destroy' },
    ])
    expect(asked[0]).toMatchObject({ user: 'u', name: 'practice', storage: ['opfs'] })
    expect(page.recoveries.map(({ terminated }) => terminated)).toEqual(asked.map(() => true))
  })

  it('P4.1 rejects with the typed error of the worker', async () => {
    const page = pageWith()
    const recovery = await page.recover({ user: 'u' })
    page.recoveryScript = (_, worker) => {
      worker.send({ type: 'recovered', error: serializeError(new RecoveryRefusedError('no backup')) })
    }
    await expect(recovery.restore()).rejects.toThrow(RecoveryRefusedError)
  })

  it('P4 ends where the worker fails or never answers', async () => {
    const page = new FakePage()
    page.recoveryScript = (_, worker) => worker.crash('no such file')
    await expect(page.recover({ user: 'u' })).rejects.toThrow(WorkerFailedError)
    page.recoveryScript = () => undefined
    const silent = page.recover({ user: 'u' })
    const ended = silent.catch((error: unknown) => error)
    await expect.poll(() => page.recoveries.length).toBe(2)
    await page.recoveries[1]?.message()
    page.clock.advance(40_000)
    expect(await ended).toBeInstanceOf(CallTimeoutError)
  })

  it.each([[undefined], [{}], [{ user: 'u', name: '' }], [{ user: 'u', storage: [] }]])(
    'names what it refuses: %j',
    async (options) => {
      const recovered = pageWith().recover(options as unknown as RecoverOptions)
      await expect(recovered).rejects.toThrow(ParameterError)
    },
  )
})

describe('R29.1 a database that is set aside while it is open', () => {
  it('ends the handle for good, tells of it, and a new open() begins anew', async () => {
    const page = new FakePage()
    const db = await page.open({ user: 'u' })
    let told = 0
    db.on('storage', () => void told++)
    const damaged = { quarantined: 'corrupt-1.sqlite3', backup: true, outcome: 'not-applied' } as const
    page.script = (message, member) => {
      if (message.type === 'call')
        member.send({ type: 'failed', error: serializeError(new StorageCorruptError('set aside', damaged)) })
    }
    const write = db.run('insert into t values (1)')
    await expect(write).rejects.toMatchObject({ ...damaged, code: 'STORAGE_CORRUPT', outcome: 'unknown' })
    await expect(write).rejects.toBeInstanceOf(StorageCorruptError)
    await expect(db.run('insert into t values (2)')).rejects.toMatchObject(damaged)
    expect(told).toBeGreaterThan(0)
    expect(page.members).toHaveLength(1)
    page.script = answering()
    const again = await page.open({ user: 'u' })
    await page.member.message(is('init'))
    expect(page.members).toHaveLength(2)
    await again.close()
    await db.close()
    await expect(db.run('select 1')).rejects.toThrow(DatabaseClosedError)
  })
})
