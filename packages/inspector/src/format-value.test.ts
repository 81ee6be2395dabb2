import { describe, expect, it } from 'vitest'
import { formatBytes } from './format-bytes.ts'
import { formatDuration } from './format-duration.ts'
import { formatValue } from './format-value.ts'

describe('formatValue', () => {
  it('tells NULL from the text NULL', () => {
    expect(formatValue(null)).toEqual({ kind: 'null', text: 'NULL' })
    expect(formatValue('NULL')).toEqual({ kind: 'text', text: 'NULL' })
  })

  it('shows integers past 2^53 digit by digit', () => {
    expect(formatValue(9_007_199_254_740_993n)).toEqual({ kind: 'number', text: '9007199254740993' })
  })

  it('shows a small blob as a literal with its size', () => {
    expect(formatValue(new Uint8Array([0, 171, 255]))).toEqual({ kind: 'blob', text: "x'00abff' (3 bytes)" })
    expect(formatValue(new Uint8Array([7])).text).toBe("x'07' (1 byte)")
  })

  it('cuts a long blob, and gives the rest on demand', () => {
    const { text, more } = formatValue(new Uint8Array(20_000).fill(1))
    expect(text).toBe(`x'${'01'.repeat(16)}…'`)
    expect(more?.label).toBe('20,000 bytes')
    expect(more?.full()).toBe(`x'${'01'.repeat(16_384)}…' (3,616 more bytes)`)
  })

  it('cuts a long text, and gives the whole on demand', () => {
    const long = 'a'.repeat(1000)
    const { text, more } = formatValue(long)
    expect(text).toBe(`${'a'.repeat(160)}…`)
    expect(more?.label).toBe('1,000 characters')
    expect(more?.full()).toBe(long)
  })

  it('cuts no character in two', () => {
    expect(formatValue(`${'a'.repeat(159)}🎻🎻`).text).toBe(`${'a'.repeat(159)}…`)
  })

  it('puts lines on one, and keeps them in the whole', () => {
    const { text, more } = formatValue('X:1\r\nK:D\nabc')
    expect(text).toBe('X:1 ↵ K:D ↵ abc')
    expect(more?.full()).toBe('X:1\r\nK:D\nabc')
  })
})

it('formatBytes moves to the next unit before it would show 1000', () => {
  const bytes = [0, 999, 1000, 1500, 9_960, 999_499, 999_500, 10_737_418_240]
  expect(bytes.map(formatBytes)).toEqual([
    '0 B',
    '999 B',
    '1.0 kB',
    '1.5 kB',
    '10 kB',
    '999 kB',
    '1.0 MB',
    '11 GB',
  ])
})

it('formatDuration keeps two figures or so', () => {
  expect([0.04, 0.44, 9.96, 450, 999.6, 3210].map(formatDuration)).toEqual([
    '0.0 ms',
    '0.4 ms',
    '10 ms',
    '450 ms',
    '1.0 s',
    '3.2 s',
  ])
})
