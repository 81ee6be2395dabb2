import { describe, expect, it } from 'vitest'
import { dayWindow } from './day-window.ts'

const hours = (day: { startUtc: string; endUtc: string }): number =>
  (Date.parse(day.endUtc) - Date.parse(day.startUtc)) / 3_600_000

describe('dayWindow', () => {
  it.each([
    ['UTC', '2026-05-10T23:59:59.999Z', '2026-05-10T00:00:00.000Z'],
    ['America/New_York', '2026-01-15T03:00:00Z', '2026-01-14T05:00:00.000Z'],
    ['Asia/Kolkata', '2026-01-15T19:00:00Z', '2026-01-15T18:30:00.000Z'],
    ['Pacific/Kiritimati', '2026-01-15T11:00:00Z', '2026-01-15T10:00:00.000Z'],
    ['Pacific/Pago_Pago', '2026-01-15T10:00:00Z', '2026-01-14T11:00:00.000Z'],
  ])('is the local day in %s', (zone, now, start) => {
    expect(dayWindow(new Date(now), zone).startUtc).toBe(start)
    expect(hours(dayWindow(new Date(now), zone))).toBe(24)
  })

  it('lasts 23 and 25 hours where the clocks change', () => {
    expect(hours(dayWindow(new Date('2026-03-29T12:00:00Z'), 'Europe/Berlin'))).toBe(23)
    expect(hours(dayWindow(new Date('2026-10-25T12:00:00Z'), 'Europe/Berlin'))).toBe(25)
  })

  it('begins after midnight where the clocks skip it, and at the first midnight where they repeat it', () => {
    expect(dayWindow(new Date('2018-11-04T12:00:00Z'), 'America/Sao_Paulo').startUtc).toBe(
      '2018-11-04T03:00:00.000Z',
    )
    expect(dayWindow(new Date('2024-11-03T12:00:00Z'), 'America/Havana').startUtc).toBe(
      '2024-11-03T04:00:00.000Z',
    )
  })

  it('meets the next day without a gap all year long', () => {
    for (const zone of ['Europe/Dublin', 'America/Santiago', 'Australia/Lord_Howe', 'Africa/Cairo']) {
      let now = new Date('2026-01-01T12:00:00Z')
      for (let day = 0; day < 366; day += 1) {
        const today = dayWindow(now, zone)
        expect(dayWindow(now, zone, 1).startUtc, zone).toBe(today.endUtc)
        expect(dayWindow(new Date(today.startUtc), zone)).toEqual(today)
        now = new Date(today.endUtc)
      }
    }
  })

  it('moves by local days', () => {
    const before = dayWindow(new Date('2026-03-30T12:00:00Z'), 'Europe/Berlin', -7)
    expect(before.startUtc).toBe('2026-03-22T23:00:00.000Z')
  })
})
