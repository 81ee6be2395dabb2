import { describe, expect, it } from 'vitest'
import { ParameterError } from '../errors/errors.ts'
import { copyParams } from './params.ts'

const SQL = 'select ?'

describe('copyParams', () => {
  it('takes every type that SQLite can store, and booleans', () => {
    const bytes = Uint8Array.of(1, 2)
    const params = [null, 1.5, 9007199254740993n, 'text', true, bytes]
    expect(copyParams(params, SQL)).toEqual(params)
    expect(copyParams({ $id: 1, title: 'The Kesh' }, SQL)).toEqual({ $id: 1, title: 'The Kesh' })
  })

  it.each([
    [[1, undefined], 'number 2', 'undefined'],
    // oxlint-disable-next-line no-sparse-arrays
    [[, 1], 'number 1', 'undefined'],
    [{ id: undefined }, "'id'", 'undefined'],
    [[new Date(0)], 'number 1', 'a Date'],
    [{ when: {} }, "'when'", 'an object'],
    [[[1]], 'number 1', 'a Array'],
    [[() => 1], 'number 1', 'a function'],
    [[Symbol('s')], 'number 1', 'a symbol'],
    [[2n ** 63n], 'number 1', '64 bits'],
    [[new ArrayBuffer(2)], 'number 1', 'a ArrayBuffer'],
  ])('names the parameter that it refuses: %#', (params, which, what) => {
    const copy = (): unknown => copyParams(params, SQL)
    expect(copy).toThrow(ParameterError)
    expect(copy).toThrow(`Parameter ${which} `)
    expect(copy).toThrow(what)
  })

  it.each([[null], ['text'], [7], [new Map()], [Uint8Array.of(1)], [new Date(0)]])(
    'refuses what is neither a list nor names: %#',
    (params) => expect(() => copyParams(params, SQL)).toThrow('an array or an object'),
  )

  it('says where options belong', () => {
    const { signal } = new AbortController()
    expect(() => copyParams({ signal }, SQL)).toThrow('options are the argument after the parameters')
  })

  it('copies a small view, so that its whole buffer does not go along', () => {
    const whole = new Uint8Array(1000).fill(7)
    const [copy] = copyParams([whole.subarray(10, 12)], SQL) as [Uint8Array]
    expect(copy).toEqual(Uint8Array.of(7, 7))
    expect(copy.buffer.byteLength).toBe(2)
    expect(copyParams([whole], SQL)).toEqual([whole])
  })

  it('makes reactive proxies sendable', () => {
    expect(() => structuredClone(new Proxy([1], {}))).toThrow('could not be cloned')
    expect(structuredClone(copyParams(new Proxy([1, 'a'], {}), SQL))).toEqual([1, 'a'])
    expect(structuredClone(copyParams(new Proxy({ id: 1 }, {}), SQL))).toEqual({ id: 1 })
  })
})
