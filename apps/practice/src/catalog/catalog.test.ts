import { describe, expect, it } from 'vitest'
import { barLengths } from '../../test/abc.ts'
import { catalog } from './catalog.ts'

describe('catalog', () => {
  it('has at least 100 tunes, each once, each traditional', () => {
    expect(catalog.length).toBeGreaterThanOrEqual(100)
    expect(new Set(catalog.map((tune) => tune.title)).size).toBe(catalog.length)
    expect(new Set(catalog.map((tune) => tune.id)).size).toBe(catalog.length)
    expect(catalog.filter((tune) => !tune.source.startsWith('Traditional'))).toEqual([])
  })

  it.each(catalog.map((tune) => [tune.title, tune] as const))('writes valid ABC for %s', (_title, tune) => {
    const [beats, beatUnit] = tune.meter.split('/').map(Number)
    const unit = Number(tune.unitNote.split('/')[1])
    const full = ((beats ?? 0) * unit) / (beatUnit ?? 1)
    const [first, ...rest] = barLengths(tune.incipit)
    const bars = first === full ? [first, ...rest] : rest
    expect(first).toBeLessThanOrEqual(full)
    expect(bars.length).toBeGreaterThanOrEqual(2)
    expect(bars.length).toBeLessThanOrEqual(4)
    expect(bars).toEqual(bars.map(() => full))
    expect(tune.tonic).toMatch(/^[A-G]$/)
  })
})

describe('barLengths', () => {
  it('counts triplets, broken rhythm and pickups', () => {
    expect(barLengths("d/c/|B>G (3Bcd z2 ^F'2|")).toEqual([1, 8])
  })

  it('refuses what is not ABC', () => {
    expect(() => barLengths('GAB?|')).toThrow('Not ABC at 3')
    expect(() => barLengths('GAB')).toThrow('bar line')
  })
})
