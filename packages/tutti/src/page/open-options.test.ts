import { describe, expect, it } from 'vitest'
import { ParameterError } from '../errors/errors.ts'
import { checkOpenOptions, conflicts, type OpenOptions } from './open-options.ts'

const migrations = [{ name: '1 tune', sql: 'create table tune (id)' }]

describe('checkOpenOptions', () => {
  it('fills in the defaults', () => {
    expect(checkOpenOptions({ user: 'u' })).toEqual({
      user: 'u',
      name: 'default',
      migrations: [],
      storage: ['opfs', 'indexeddb'],
      durability: 'full',
      replica: 'auto',
      stale: 'error',
      persist: true,
      writeWhenAhead: false,
    })
  })

  it.each([
    [{}, "'user'"],
    [{ user: '' }, "'user'"],
    [{ user: 7 }, "'user'"],
    [{ user: 'u', name: '' }, "'name'"],
    [{ user: 'u', migrations: [{ name: 'a' }] }, "'migrations': number 1"],
    [{ user: 'u', migrations: [null] }, "'migrations': number 1"],
    [{ user: 'u', migrations: 'create table t (id)' }, "'migrations'"],
    [{ user: 'u', migrations: [...migrations, ...migrations] }, "two are named '1 tune'"],
    [{ user: 'u', storage: [] }, "'storage'"],
    [{ user: 'u', storage: ['opfs', 'opfs'] }, "'storage'"],
    [{ user: 'u', storage: ['localStorage'] }, "'storage'"],
    [{ user: 'u', durability: 'some' }, "'durability'"],
    [{ user: 'u', replica: true }, "'replica'"],
    [{ user: 'u', stale: 'maybe' }, "'stale'"],
    [{ user: 'u', persist: 1 }, "'persist'"],
    [{ user: 'u', writeWhenAhead: 'yes' }, "'writeWhenAhead'"],
    [{ user: 'u', syncReads: true }, 'not available yet'],
    [{ user: 'u', syncReads: 1 }, "'syncReads'"],
    [{ user: 'u', persistent: true }, "no option 'persistent'"],
    [undefined, 'needs an object'],
  ])('names what it refuses: %j', (options, message) => {
    const check = (): unknown => checkOpenOptions(options as unknown as OpenOptions)
    expect(check).toThrow(ParameterError)
    expect(check).toThrow(message)
  })
})

describe('conflicts', () => {
  const options: OpenOptions = { user: 'u', migrations }

  it('are none between equal options, in whatever way they were given', () => {
    const copy: OpenOptions = {
      user: 'u',
      name: 'default',
      migrations: structuredClone(migrations),
      persist: false,
    }
    expect(conflicts(checkOpenOptions(options), checkOpenOptions(copy))).toEqual([])
  })

  it('are named', () => {
    const other: OpenOptions = { user: 'u', migrations: [], storage: ['memory'], durability: 'relaxed' }
    expect(conflicts(checkOpenOptions(options), checkOpenOptions(other))).toEqual([
      'migrations',
      'storage',
      'durability',
    ])
  })
})
