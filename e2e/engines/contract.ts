import { describe } from 'vitest'
import { callContract } from './contract/calls.ts'
import { failoverContract } from './contract/failover.ts'
import { historyContract } from './contract/history.ts'
import { practiceContract } from './contract/practice.ts'
import { reopenContract } from './contract/reopen.ts'
import { storageContract } from './contract/storage.ts'
import { storyContract } from './contract/story.ts'
import type { Engine } from './engine.ts'
import { engineTest } from './engine-test.ts'

/** Registers what Tutti has to do in every engine. What one engine cannot do is said by {@link Engine}. */
export function engineContract(engine: Engine): void {
  const test = engineTest(engine)
  describe(`in ${engine.name}`, () => {
    storyContract(test, engine)
    callContract(test)
    failoverContract(test)
    reopenContract(test, engine)
    historyContract(test, engine)
    storageContract(test, engine)
    practiceContract(test)
  })
}
