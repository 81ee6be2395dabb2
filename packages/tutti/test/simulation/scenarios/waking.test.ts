import { describe, expect, test } from 'vitest'
import { insert, inWorlds, type Player } from './stage.ts'

const LIMIT = 300_000
/** Longer than what ends a write without a primary, ms. */
const LONG = 15_000

/** How a tab stops: with the browser's word to its page, or its process without any. */
const manners = [
  { manner: 'frozen', told: true },
  { manner: 'stopped', told: false },
] as const

for (const { manner, told } of manners) {
  const sleep = ({ page, tab }: Player) => {
    if (told) page.tell('suspended')
    tab.freeze()
  }
  const wake = ({ page, tab }: Player) => {
    tab.resume()
    if (told) page.tell('resumed')
  }

  describe(`a tab that was ${manner} for long`, () => {
    test(
      'P4 R7 has its write done when it wakes: for the time that it slept nobody was missing',
      inWorlds(6, async (stage, seed) => {
        const [, b] = await stage.openAll(['A', 'B'])
        const write = stage.watch(insert(b, 'b'))
        await stage.simulation.runFor(seed / 2)
        sleep(b)
        await stage.simulation.runFor(LONG)
        wake(b)
        await stage.settle(write.promise)
        expect(await stage.values(b)).toEqual(['b'])
      }),
      LIMIT,
    )

    test(
      'P4 R12 has its reads answered when it wakes, with what was written meanwhile',
      inWorlds(6, async (stage, seed) => {
        const [a, b] = await stage.openAll(['A', 'B'])
        const d = await stage.open('D', { replica: 'never' })
        await stage.simulation.runFor(1000)
        const reads = [b, d].map(({ db }) => stage.watch(db.values('select v from t')))
        await stage.simulation.runFor(seed / 4)
        for (const player of [b, d]) sleep(player)
        await stage.settle(insert(a, 'a'))
        await stage.simulation.runFor(LONG)
        for (const player of [b, d]) wake(player)
        for (const read of reads) await stage.settle(read.promise)
        expect([await stage.values(b), await stage.values(d)]).toEqual([['a'], ['a']])
      }),
      LIMIT,
    )
  })
}
