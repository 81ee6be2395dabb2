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
      syncReads: false,
      stale: 'error',
      persist: true,
      backup: null,
      functions: null,
      writeWhenAhead: false,
    })
  })

  it('R29.2 fills in how often a backup is made, and how many are kept', () => {
    expect(checkOpenOptions({ user: 'u', backup: {} }).backup).toEqual({ every: 3_600_000, keep: 3 })
    const given = { every: 60_000, keep: 1 }
    expect(checkOpenOptions({ user: 'u', backup: given }).backup).toEqual(given)
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
    [{ user: 'u', backup: true }, "'backup'"],
    [{ user: 'u', backup: null }, "'backup'"],
    [{ user: 'u', backup: { every: 10 } }, "'backup.every'"],
    [{ user: 'u', backup: { every: Infinity } }, "'backup.every'"],
    [{ user: 'u', backup: { every: '1 h' } }, "'backup.every'"],
    [{ user: 'u', backup: { keep: 0 } }, "'backup.keep'"],
    [{ user: 'u', backup: { keep: 1.5 } }, "'backup.keep'"],
    [{ user: 'u', backup: { hourly: true } }, "no 'hourly'"],
    [{ user: 'u', functions: {} }, "'functions'"],
    [{ user: 'u', functions: './functions.js' }, "'functions'"],
    [{ user: 'u', writeWhenAhead: 'yes' }, "'writeWhenAhead'"],
    [{ user: 'u', syncReads: true, replica: 'never' }, "'syncReads'"],
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

  it('P1.7 two modules of functions conflict, and one named twice does not', () => {
    const at = (functions: URL | string) => checkOpenOptions({ user: 'u', functions })
    const one = at('https://practice.test/functions-1.js')
    expect(conflicts(one, at(new URL('https://practice.test/functions-1.js')))).toEqual([])
    expect(conflicts(one, at('https://practice.test/functions-2.js'))).toEqual(['functions'])
    expect(conflicts(one, checkOpenOptions({ user: 'u' }))).toEqual(['functions'])
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
