import { expect, test } from 'vitest'
import { createSimulation } from '../platform/simulated.ts'
import { ManualClock } from '../platform/testing/manual-clock.ts'
import { rehearse } from './rehearse.ts'
import { EngineFixture, sharedSqlite } from './testing/engine-fixture.ts'

test('a rehearsal runs to its end, and what is opened after it has nothing of it', async () => {
  const { platform } = createSimulation({ seed: 1 }).tab('A').context('primary')
  await rehearse({ ...platform, clock: new ManualClock() }, await sharedSqlite(), () => true)
  const { engine } = await EngineFixture.open({ migrations: [] })
  expect([engine.epoch, engine.schema]).toEqual([1, 0])
})
