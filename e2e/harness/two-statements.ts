import type { Scripted } from './scripted.ts'

/** Runs a transaction of two statements, which stops between them the first time its callback runs. */
export function beginTwoStatements(tab: Scripted): Promise<void> {
  return tab.evaluate(
    () =>
      new Promise<void>((between) => {
        let runs = 0
        const gate = new Promise<void>((open) => {
          window.openGate = open
        })
        window.pending = window.settle(
          window.db.transaction(
            async (tx) => {
              const run = ++runs
              await tx.run("insert into row (tab, n) values ('one', ?)", [run])
              if (run === 1) between()
              await gate
              await tx.run("insert into row (tab, n) values ('two', ?)", [run])
              return run
            },
            { timeout: 40_000, idle: 40_000 },
          ),
        )
      }),
  )
}

/** Lets it go on; resolves with how it ended: with which run of its callback. */
export function endTwoStatements(tab: Scripted): Promise<unknown> {
  return tab.evaluate(() => {
    window.openGate()
    return window.pending
  })
}
