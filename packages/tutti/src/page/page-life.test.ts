import { beforeEach, expect, it } from 'vitest'
import type { Lifecycle } from '../protocol/page-messages.ts'
import { createPageLife } from './page-life.ts'

let visibility: 'visible' | 'hidden'
let page: EventTarget
let view: EventTarget
let told: Lifecycle[]
let stop: () => void

beforeEach(() => {
  visibility = 'visible'
  told = []
  page = Object.defineProperty(new EventTarget(), 'visibilityState', { get: () => visibility })
  view = Object.assign(new EventTarget(), {
    location: { href: 'https://app.example/' },
    navigator: { userAgent: 'Mobile' },
  })
  Object.assign(page, { title: 'Practice' })
  const life = createPageLife(page as Document, view as Window & typeof globalThis)
  expect([life.visible, life.url, life.title]).toEqual([true, 'https://app.example/', 'Practice'])
  expect(life.mobile).toBe(true)
  stop = life.listen((state) => told.push(state))
})

it('R7: freeze and pagehide suspend, resume and pageshow resume, each pair told once', () => {
  view.dispatchEvent(new Event('pagehide'))
  page.dispatchEvent(new Event('freeze'))
  page.dispatchEvent(new Event('resume'))
  view.dispatchEvent(new Event('pageshow'))
  page.dispatchEvent(new Event('freeze'))
  page.dispatchEvent(new Event('resume'))
  expect(told).toEqual(['suspended', 'resumed', 'suspended', 'resumed'])
})

it('the first pageshow of a page resumes nothing', () => {
  view.dispatchEvent(new Event('pageshow'))
  expect(told).toEqual([])
})

it('visibility is told as it is', () => {
  visibility = 'hidden'
  page.dispatchEvent(new Event('visibilitychange'))
  visibility = 'visible'
  page.dispatchEvent(new Event('visibilitychange'))
  expect(told).toEqual(['hidden', 'visible'])
})

it('is silent once it is stopped', () => {
  stop()
  page.dispatchEvent(new Event('freeze'))
  page.dispatchEvent(new Event('visibilitychange'))
  expect(told).toEqual([])
})
