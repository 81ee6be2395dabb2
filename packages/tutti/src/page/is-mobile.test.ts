import { expect, it } from 'vitest'
import { isMobile } from './is-mobile.ts'

const PHONE = 'Mozilla/5.0 (Android 15; Mobile; rv:153.0) Gecko/153.0 Firefox/153.0'
const DESKTOP = 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0'

it('R7.1: a phone is known by its user agent, where the browser has no better word', () => {
  expect([isMobile({ userAgent: PHONE }), isMobile({ userAgent: DESKTOP })]).toEqual([true, false])
})

it("R7.1: the browser's own word goes before its user agent", () => {
  expect(isMobile({ userAgent: PHONE, userAgentData: { mobile: false } })).toBe(false)
  expect(isMobile({ userAgent: DESKTOP, userAgentData: { mobile: true } })).toBe(true)
})
