import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { numberedRows, rowsOf } from '../harness/numbered-rows.ts'
import { openTab } from '../harness/open-tab.ts'
import { agreedPrimary, openTabs } from '../harness/tabs.ts'
import { test } from '../harness/test.ts'

const options = { user: 'u-1', migrations: numberedRows }

const ROWS = 200_000
/** So many rows, each of which takes a while to compute. */
const LONG_WRITE = `
  insert into row (tab, n)
  with recursive c (n) as (select 1 union all select n + 1 from c where n < ${ROWS})
  select 'long', (
    with recursive d (m) as (select c.n union all select m + 1 from d where m < c.n + 20)
    select count(*) from d
  ) from c`

const ENDLESS = 'with recursive c (n) as (select 1 union all select n + 1 from c) select count(*) from c'

interface Read {
  readonly from: number
  readonly took: number
  readonly rows: number
}

test('P5 R11 reads of one tab go on while another tab writes for long, and see no half of it', async ({
  launch,
  site,
}) => {
  const browser = await launch()
  const [writer, reader] = (await openTabs(browser, site, 2, options)) as [Page, Page]
  await startReading(reader)
  const write = await writer.evaluate(async (sql) => {
    const now = () => performance.timeOrigin + performance.now()
    const from = now()
    const { changes } = await window.db.run(sql)
    return { from, to: now(), changes }
  }, LONG_WRITE)
  const reads = await stopReading(reader)
  expect(write.changes).toBe(ROWS)
  const meanwhile = reads.filter(({ from }) => from >= write.from && from < write.to)
  expect(meanwhile.length).toBeGreaterThan(20)
  expect(new Set(reads.map(({ rows }) => rows))).toEqual(new Set([0, ROWS]))
  const slowest = Math.max(...meanwhile.map(({ took }) => took))
  expect(slowest / (write.to - write.from)).toBeLessThan(1 / 4)
})

/** Counts the rows again and again, until it is stopped and has seen some; resolves after the first answer. */
function startReading(tab: Page): Promise<void> {
  return tab.evaluate(
    () =>
      new Promise<void>((begun) => {
        let stopped = false
        window.openGate = () => {
          stopped = true
        }
        const readOn = async (): Promise<Read[]> => {
          const reads: Read[] = []
          while (!stopped || reads.at(-1)?.rows === 0) {
            const from = performance.timeOrigin + performance.now()
            const [row] = await window.db.values<[number]>('select count(*) from row')
            const took = performance.timeOrigin + performance.now() - from
            reads.push({ from, took, rows: row?.[0] ?? 0 })
            begun()
          }
          return reads
        }
        window.pending = readOn()
      }),
  )
}

function stopReading(tab: Page): Promise<Read[]> {
  return tab.evaluate(() => {
    window.openGate()
    return window.pending as Promise<Read[]>
  })
}

test('P4 P5 R12 while no primary can start, reads go on where stale ones are allowed; all else ends typed, in time', async ({
  launch,
  site,
}) => {
  const browser = await launch()
  const [first, strict] = (await openTabs(browser, site, 2, options)) as [Page, Page]
  const stale = { ...options, stale: 'allow' } as const
  const lenient = await openTab(browser, site, stale)
  await agreedPrimary([first, strict, lenient])
  await first.evaluate(() => window.db.run("insert into row (tab, n) values ('first', 1)"))
  await blockElection(await browser.newTab(site.url))
  await first.close()

  const [refused, allowed] = await Promise.all([
    strict.evaluate(async () => {
      for (;;) {
        const end = await window.settle(window.db.values('select tab, n from row'))
        if (end.error !== undefined) return end.error
      }
    }),
    lenient.evaluate(async (given) => {
      // A handle's own reads would wait for its own write.
      const writer = await window.tutti.open(given)
      let ended = false
      const write = window
        .settle(writer.run("insert into row (tab, n) values ('lenient', 1)", [], { id: 'kept' }))
        .finally(() => {
          ended = true
        })
      const answers: unknown[] = []
      while (!ended) answers.push(await window.db.values('select tab, n from row'))
      return { answers, write: (await write).error }
    }, stale),
  ])
  expect(refused).toMatchObject({ name: 'StaleReadError', code: 'STALE_READ' })
  expect(allowed.answers.length).toBeGreaterThan(2)
  for (const answer of allowed.answers) expect(answer).toEqual([['first', 1]])
  expect(allowed.write).toMatchObject({ name: 'PrimaryUnavailableError', code: 'PRIMARY_UNAVAILABLE' })

  await browser.context.pages().at(-1)?.close()
  await lenient.evaluate(() =>
    window.db.run("insert into row (tab, n) values ('lenient', 1)", [], { id: 'kept' }),
  )
  expect(await rowsOf(strict)).toEqual([
    ['first', 1],
    ['lenient', 1],
  ])
  await agreedPrimary([strict, lenient])
})

/** Takes the lock that a primary needs before it opens the files, as soon as it is free. */
async function blockElection(tab: Page): Promise<void> {
  await tab.evaluate(async () => {
    const { held = [] } = await navigator.locks.query()
    const name = held.map((lock) => lock.name ?? '').find((each) => each.endsWith('/primary'))
    if (name === undefined) throw new Error('there is no primary')
    void navigator.locks.request(name, () => new Promise(() => {}))
    // The queue has this request once the question behind it is answered.
    await navigator.locks.query()
  })
}

test('P4 R23 an endless statement ends by its timeout, in the own replica and in the primary, and the database goes on', async ({
  launch,
  site,
}) => {
  const browser = await launch()
  const tabs = (await openTabs(browser, site, 2, options)) as [Page, Page]
  for (const [index, tab] of tabs.entries()) {
    const ends = await tab.evaluate(async (sql) => {
      const read = await window.settle(window.db.get(sql, [], { timeout: 300 }))
      const write = await window.settle(
        window.db.run(`insert into row (tab, n) select 'endless', (${sql})`, [], { timeout: 300 }),
      )
      return { read: read.error, write: write.error }
    }, ENDLESS)
    expect(ends.read).toMatchObject({ name: 'StatementTimeoutError', code: 'STATEMENT_TIMEOUT' })
    expect(ends.write).toMatchObject({ name: 'StatementTimeoutError', outcome: 'not-applied' })
    await expectWriteAndRead(tabs, index + 1)
  }
})

test('P4 R23 an endless statement ends by its signal, in the own replica and in the primary, and the database goes on', async ({
  launch,
  site,
}) => {
  const browser = await launch()
  const tabs = (await openTabs(browser, site, 2, options)) as [Page, Page]
  for (const [index, tab] of tabs.entries()) {
    const ends = await tab.evaluate(async (sql) => {
      const read = await window.settle(window.db.get(sql, [], { signal: AbortSignal.timeout(300) }))
      const write = await window.settle(
        window.db.run(`insert into row (tab, n) select 'endless', (${sql})`, [], {
          signal: AbortSignal.timeout(300),
        }),
      )
      return { read: read.error, write: write.error }
    }, ENDLESS)
    expect(ends.read).toMatchObject({ name: 'AbortError', code: 'ABORTED' })
    expect(ends.write).toMatchObject({ name: 'AbortError', code: 'ABORTED', outcome: 'not-applied' })
    await expectWriteAndRead(tabs, index + 1)
  }
})

async function expectWriteAndRead(tabs: readonly [Page, Page], count: number): Promise<void> {
  await tabs[0].evaluate(() => window.db.run("insert into row (tab, n) values ('after', 1)"))
  for (const tab of tabs) {
    expect(await tab.evaluate(() => window.db.values('select count(*) from row'))).toEqual([[count]])
  }
}
