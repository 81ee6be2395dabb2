import { expect, it } from 'vitest'
import { coalesce } from './coalesce.ts'

it('runs once at a time, and a burst of calls costs two runs', async () => {
  let begun = 0
  let atOnce = 0
  let most = 0
  const call = coalesce(async () => {
    begun += 1
    atOnce += 1
    most = Math.max(most, atOnce)
    await Promise.resolve()
    atOnce -= 1
  })
  await Promise.all([call(), call(), call(), call()])
  expect(begun).toBe(2)
  expect(most).toBe(1)
})

it('resolves a call only after a run that began after it', async () => {
  const ends: (() => void)[] = []
  const log: string[] = []
  const call = coalesce(() => {
    log.push('begin')
    return new Promise((resolve) => ends.push(resolve))
  })
  const first = call().then(() => log.push('first'))
  const second = call().then(() => log.push('second'))
  ends[0]?.()
  await first
  await Promise.resolve()
  expect(log).toEqual(['begin', 'first', 'begin'])
  ends[1]?.()
  await second
  expect(log.at(-1)).toBe('second')
  const third = call()
  ends[2]?.()
  await third
  expect(ends).toHaveLength(3)
})
