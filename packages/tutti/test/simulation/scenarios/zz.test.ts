import { test } from 'vitest'
import { inWorlds, insert } from './stage.ts'
test('x', inWorlds(1, async (stage) => {
    const [a, b] = await stage.openAll(['A', 'B'])
    console.log(stage.simulation.locks.held())
    for (const n of stage.simulation.locks.held()) console.log(n, stage.simulation.locks.holder(n))
    a.page.tell('suspended')
    a.tab.suspend()
    await stage.simulation.runFor(5000)
    for (const n of stage.simulation.locks.held()) console.log(n, stage.simulation.locks.holder(n))
    console.log(stage.simulation.trace.print(60))
}), 100000)
