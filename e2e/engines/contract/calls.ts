import { expect } from 'vitest'
import { rowsOf } from '../../harness/numbered-rows.ts'
import { agreedPrimary, expectSound, statusOf } from '../../harness/tabs.ts'
import type { EngineTab } from '../engine.ts'
import type { EngineTest } from '../engine-test.ts'
import { insert, openIn, openTabs } from '../tabs.ts'

const ENDLESS = 'with recursive c (n) as (select 1 union all select n + 1 from c) select max(n) from c'

/** Single calls, by what an engine could get wrong below them: messages, errors, blob URLs, locks. */
export function callContract(test: EngineTest): void {
  test('P3.1 R14 a write under an id of its own happens once, also after a reload', async ({
    launch,
    site,
  }) => {
    const tabs = (await openTabs(await launch(), site, 2)) as [EngineTab, EngineTab]
    const ask = (tab: EngineTab) =>
      tab.evaluate(() => window.db.run("insert into row (tab, n) values ('once', 1)", [], { id: 'submit' }))
    const first = await ask(tabs[1])
    await insert(tabs[0], ['between', 2])
    for (const tab of tabs) {
      await tab.reload()
      await openIn(tab)
      expect(await ask(tab)).toEqual(first)
    }
    for (const tab of tabs) {
      expect(await rowsOf(tab)).toEqual([
        ['once', 1],
        ['between', 2],
      ])
    }
  })

  test('P4.1 errors keep their class and code on the way to a tab that is not the primary', async ({
    launch,
    site,
  }) => {
    const tabs = await openTabs(await launch(), site, 2)
    const primary = await agreedPrimary(tabs)
    const tab = tabs.find((each) => each !== primary) as EngineTab
    const errors = await tab.evaluate(async () => {
      const { db, settle } = window
      const ends = [
        await settle(db.run('insert into row (tab, n) values (null, 1)')),
        await settle(db.run("attach 'x' as y")),
        await settle(db.values('select * from nowhere')),
      ]
      return ends.map(({ error }) => ({ name: error?.name, code: error?.code, outcome: error?.outcome }))
    })
    expect(errors).toEqual([
      { name: 'SqlError', code: 'SQL', outcome: 'not-applied' },
      { name: 'StatementRefusedError', code: 'STATEMENT_REFUSED', outcome: 'not-applied' },
      expect.objectContaining({ name: 'SqlError', code: 'SQL' }),
    ])
  })

  test('P1 R24 a commit that comes in chunks is in the next read of the other tab', async ({
    launch,
    site,
  }) => {
    const tabs = (await openTabs(await launch(), site, 2)) as [EngineTab, EngineTab]
    await tabs[1].evaluate(async () => {
      // Over 1 MiB, which is what comes in one piece.
      await window.db.run(`
        insert into row (tab, n)
        with recursive c (n) as (select 1 union all select n + 1 from c where n < 6000)
        select hex(randomblob(100)), n from c`)
    })
    expect(await tabs[0].evaluate(() => window.db.values('select count(*), sum(n) from row'))).toEqual([
      [6000, 18_003_000],
    ])
    await expectSound(tabs)
  })

  test('P4 R23 an endless statement ends by its signal and by its deadline, and its thread is free again', async ({
    launch,
    site,
  }) => {
    const tabs = await openTabs(await launch(), site, 2)
    for (const tab of tabs) {
      const ends = await tab.evaluate(async (endless) => {
        const { db, settle } = window
        const write = `insert into row (tab, n) select 'endless', * from (${endless})`
        const codes: unknown[] = []
        for (const bound of [{ timeout: 300 }, { signal: AbortSignal.timeout(300) }]) {
          codes.push((await settle(db.values(endless, [], bound))).error?.code)
        }
        for (const bound of [{ timeout: 300 }, { signal: AbortSignal.timeout(300) }]) {
          codes.push((await settle(db.run(write, [], bound))).error?.code)
        }
        const free = await settle(
          db.run("insert into row (tab, n) values ('free', 1)", [], { timeout: 10_000 }),
        )
        return { codes, free: free.error === undefined }
      }, ENDLESS)
      // A busy machine may use up the call's bound before the statement's own.
      const timeout = expect.stringMatching(/^(STATEMENT|CALL)_TIMEOUT$/)
      expect(ends).toEqual({ codes: [timeout, 'ABORTED', timeout, 'ABORTED'], free: true })
    }
    expect(await rowsOf(tabs[0] as EngineTab)).toEqual([
      ['free', 1],
      ['free', 1],
    ])
  })

  test("P5 R11 reads go on while another tab's long write runs", async ({ launch, site }) => {
    const tabs = await openTabs(await launch(), site, 3)
    const primary = await agreedPrimary(tabs)
    const [writer, reader] = tabs.filter((tab) => tab !== primary) as [EngineTab, EngineTab]
    await reader.evaluate(() => {
      window.pending = new Promise((resolve) => {
        const signals = new BroadcastChannel('long-write')
        let ended = false
        signals.onmessage = async ({ data }) => {
          if (data === 'ended') ended = true
          if (data !== 'sent') return
          let longest = 0
          while (!ended) {
            const asked = performance.now()
            await window.db.values('select count(*) from row')
            longest = Math.max(longest, performance.now() - asked)
          }
          resolve(longest)
        }
      })
    })
    const duration = await writer.evaluate(async (endless) => {
      const signals = new BroadcastChannel('long-write')
      const asked = performance.now()
      const write = window.db.run(`insert into row (tab, n) select 'long', * from (${endless})`, [], {
        timeout: 4000,
      })
      signals.postMessage('sent')
      await window.settle(write)
      signals.postMessage('ended')
      return performance.now() - asked
    }, ENDLESS)
    // Had reads waited for the write, the longest would have taken as long as it did.
    expect(await reader.evaluate(() => window.pending)).toBeLessThan(duration / 2)
  })

  test('R5 a primary whose lock is stolen gives up, and another one serves', async ({ launch, site }) => {
    const tabs = await openTabs(await launch(), site, 3)
    const primary = await agreedPrimary(tabs)
    const { epoch } = await statusOf(primary)
    const thief = tabs.find((tab) => tab !== primary) as EngineTab
    await thief.evaluate(() =>
      navigator.locks.request('tutti/u-1/default/primary', { steal: true }, () => undefined),
    )
    for (const [n, tab] of tabs.entries()) await insert(tab, ['tab', n])
    expect((await statusOf(await agreedPrimary(tabs))).epoch).toBeGreaterThan(epoch)
    for (const tab of tabs) {
      expect(await rowsOf(tab)).toEqual([
        ['tab', 0],
        ['tab', 1],
        ['tab', 2],
      ])
    }
    await expectSound(tabs)
  })
}
