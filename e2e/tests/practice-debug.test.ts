import { describe, expect } from 'vitest'
import { inspectorReady, membersOf, openDebug, runSql, setWriteMode, shown } from '../harness/debug-page.ts'
import { expectQueue, footerOf, openToday, rate, shortSet, signIn, tunesOf } from '../harness/practice.ts'
import { practiceTest as test } from '../harness/practice-test.ts'

describe("Practice's /debug/db", () => {
  test('P9 refuses every write, typed, until write mode is on, and again when it is off', async ({
    launch,
    practice,
  }) => {
    const debug = await openDebug(await signIn(await launch(), practice, shortSet))
    const rename = "update playlist set name = 'Renamed'"
    const returning = "insert into seed_mark values ('mark', 'now') returning name"
    for (const sql of [rename, returning, 'create table made (id)', 'delete from tune']) {
      expect(await runSql(debug, sql)).toMatchObject({ code: 'STATEMENT_REFUSED', count: '' })
    }
    expect((await runSql(debug, 'select name from playlist')).rows).toEqual([['First tunes']])

    await setWriteMode(debug, true)
    expect(await runSql(debug, rename)).toMatchObject({ code: undefined, count: '1 row changed' })
    expect((await runSql(debug, 'select name from playlist')).rows).toEqual([['Renamed']])
    expect(await runSql(debug, returning)).toMatchObject({ columns: ['name'], rows: [['mark']] })
    expect(await runSql(debug, "attach 'x' as y")).toMatchObject({ code: 'STATEMENT_REFUSED' })

    await setWriteMode(debug, false)
    expect(await runSql(debug, 'delete from seed_mark')).toMatchObject({ code: 'STATEMENT_REFUSED' })
    expect((await runSql(debug, 'select count(*) from seed_mark')).rows).toEqual([['2']])
  })

  test('P9 shows headers for a result without rows, and where an error is', async ({ launch, practice }) => {
    const debug = await openDebug(await signIn(await launch(), practice, shortSet))
    const none = await runSql(debug, 'select id, name as called from playlist where false')
    expect(none).toEqual({ columns: ['id', 'called'], rows: [], count: '0 rows', code: undefined })
    expect(await debug.getByTestId('results').getByText('called').isVisible()).toBe(true)
    expect((await runSql(debug, 'select id\nfrom nowhere')).code).toBe('SQL')
    expect(await debug.getByTestId('result-error').innerText()).toContain('nowhere')
  })

  test('P9 runs the last read again on every commit of another tab, unless that is switched off', async ({
    launch,
    practice,
  }) => {
    const a = await signIn(await launch(), practice, shortSet)
    const debug = await openDebug(a)
    await runSql(debug, 'select tune_ref, quality from table_transient_data order by quality')
    const tunes = await tunesOf(a)
    await rate(a, 0, 'again')
    await expect.poll(async () => (await shown(debug)).rows).toEqual([[tunes[0], '1']])
    await rate(a, 2, 'easy')
    await expect
      .poll(async () => (await shown(debug)).rows)
      .toEqual([
        [tunes[0], '1'],
        [tunes[2], '4'],
      ])
    await expect.poll(() => debug.getByTestId('table-table_transient_data').innerText()).toMatch(/\b2$/)

    await debug.bringToFront()
    await debug.getByTestId('rerun').setChecked(false)
    await rate(a, 1, 'good')
    await expect.poll(() => debug.getByTestId('table-table_transient_data').innerText()).toMatch(/\b3$/)
    expect((await shown(debug)).rows).toHaveLength(2)
    await debug.bringToFront()
    await debug.getByTestId('rerun').setChecked(true)
    await expect.poll(async () => (await shown(debug)).rows).toHaveLength(3)
  })

  test('P9 says who is who: itself, the other tabs, their pages, and which one is the primary', async ({
    launch,
    practice,
  }) => {
    const browser = await launch()
    const a = await signIn(browser, practice, shortSet)
    const b = await openToday(browser, practice, 3)
    const debug = await openDebug(b)
    const others = [await footerOf(a), await footerOf(b)]
    expect(others.map(({ role }) => role)).toEqual(['primary', 'replica'])
    await expect.poll(async () => (await membersOf(debug)).length).toBe(3)
    const members = await membersOf(debug)
    expect(members.filter(({ self }) => self)).toEqual([
      expect.objectContaining({ role: 'replica', page: expect.stringContaining('/debug/db') }),
    ])
    for (const { role, tab } of others) {
      const named = members.find((member) => member.tab.startsWith(tab))
      expect(named).toMatchObject({ self: false, role, page: expect.stringContaining('/practice') })
    }
    expect(new Set(members.map(({ version }) => version)).size).toBe(1)
    expect(await debug.getByTestId('who-user').innerText()).toBe(shortSet.user)
    expect(await debug.getByTestId('who-storage').innerText()).toContain('opfs')

    const epoch = Number(await debug.getByTestId('who-epoch').innerText())
    await a.close()
    await expect
      .poll(async () => (await membersOf(debug)).filter(({ role }) => role === 'primary').length, {
        timeout: 10_000,
      })
      .toBe(1)
    await expect.poll(async () => (await membersOf(debug)).length).toBe(2)
    await expect.poll(async () => Number(await debug.getByTestId('who-epoch').innerText())).toBe(epoch + 1)
  })

  test('P9 opened alone, before Practice, shows the same database', async ({ launch, practice }) => {
    const browser = await launch()
    const a = await signIn(browser, practice, shortSet)
    const tunes = await tunesOf(a)
    await a.close()
    const debug = await browser.newTab(`${practice.url}/debug/db`)
    await inspectorReady(debug)
    const queue = await runSql(debug, 'select tune_ref from daily_practice_queue order by order_index')
    expect(queue.rows.flat()).toEqual(tunes)
    const b = await openToday(browser, practice, 3)
    await expectQueue(b, 3)
    expect(await tunesOf(b)).toEqual(tunes)
  })
})
