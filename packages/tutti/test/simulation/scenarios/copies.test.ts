import { expect, test } from 'vitest'
import { insert, inWorlds } from './stage.ts'

/** More than is sent unasked: a replica that is being made begins anew. */
const LARGE = 1_500_000

test(
  'P1 R24 a replica that is made while large commits happen has the pages of one version only',
  inWorlds(
    6,
    async (stage, seed) => {
      const a = await stage.open('A')
      for (const v of ['1', '2', '3', '4']) await stage.settle(insert(a, v.repeat(LARGE)))
      const c = await stage.open('C')
      const writes = []
      for (const [i, v] of ['5', '6', '7', '8'].entries()) {
        await stage.simulation.runFor(10 * seed)
        const update = a.db.run('update t set v = ? where id = ?', [v.repeat(LARGE), 4 - i])
        writes.push(stage.watch(update))
      }
      for (const write of writes) await stage.ended(write)
      await stage.rest()
      expect(stage.world.differingReplicas()).toEqual([])
      expect((await stage.values(c)).map((v) => v.charAt(0)).join('')).toBe('8765')
    },
    { latency: [0.05, 40] },
  ),
  300_000,
)
