import {
  createComponent,
  createEffect,
  createMemo,
  createRoot,
  createSignal,
  ErrorBoundary,
  For,
  type JSX,
  Suspense,
  startTransition,
} from 'solid-js'
import { insert, render } from 'solid-js/web'
import { expect, test } from 'vitest'
import { createLiveQuery, type LiveRows } from '../../src/adapters/solid.ts'
import type { Database, LiveSource } from '../../src/index.ts'
import {
  codeOf,
  type Framework,
  frameworkContract,
  inHouse,
  SQL,
  type Tune,
  type Wanted,
} from './contract.ts'

/** The list, or how it stands. */
function List({ rows }: { rows: LiveRows<Tune> }): JSX.Element {
  const text = createMemo(() => {
    if (rows.error !== undefined) return `error: ${codeOf(rows.error)}`
    return rows.latest === undefined ? 'loading' : undefined
  })
  const list = () =>
    createComponent(For<readonly Tune[], JSX.Element>, {
      get each() {
        return rows()
      },
      children: item,
    })
  return createMemo(() => text() ?? list()) as unknown as JSX.Element
}

function item({ title }: Tune): HTMLElement {
  const li = document.createElement('li')
  insert(li, title)
  return li
}

function mount(element: HTMLElement, first: Wanted, create: (wanted: () => Wanted) => LiveRows<Tune>) {
  const [wanted, show] = createSignal(first)
  const unmount = render(() => createComponent(List, { rows: create(wanted) }), element)
  return { show, unmount }
}

export const solid: Framework = {
  name: 'tutti/solid',
  mount: (element, first) =>
    mount(element, first, (wanted) =>
      createLiveQuery<Tune>(
        () => wanted().db,
        SQL,
        () => [wanted().mode],
      ),
    ),
  mountSource: (element, first, find) =>
    mount(element, first, (wanted) => createLiveQuery(() => find(wanted()))),
  act: async (work) => work(),
}

frameworkContract(solid)

/** A list in the boundaries that wait for it and that show its errors. */
function mountInBoundaries(element: HTMLElement, rows: () => LiveRows<Tune>) {
  const suspense = () =>
    createComponent(Suspense, {
      fallback: 'waiting',
      get children() {
        const live = rows()
        return createComponent(For<readonly Tune[], JSX.Element>, {
          get each() {
            return live()
          },
          children: item,
        })
      },
    })
  return render(
    () =>
      createComponent(ErrorBoundary, {
        fallback: (error: Error, reset: () => void) => {
          again = reset
          return `caught: ${codeOf(error)}`
        },
        get children() {
          return suspense()
        },
      }),
    element,
  )
}
let again: () => void = () => undefined

test(
  'P1.5 tutti/solid: Suspense waits for the database and the first result, an ErrorBoundary shows what fails',
  inHouse(solid, async (house) => {
    await house.add('Dorian', 'Cooley’s')
    const [db, setDb] = createSignal<Database>()
    const unmount = mountInBoundaries(house.element, () => createLiveQuery<Tune>(db, SQL, ['Dorian']))
    await house.act(() => house.stage.simulation.runFor(50))
    expect(house.shown).toBe('waiting')
    setDb(house.here.db)
    expect(house.shown).toBe('waiting')
    await house.until(['Cooley’s'])
    const [cooleys] = house.items
    await house.add('Dorian', 'The Kesh')
    await house.until(['Cooley’s', 'The Kesh'])
    expect(house.items[0] === cooleys).toBe(true)
    unmount()
    expect(await house.live()).toBe(0)
    await house.write('alter table tune rename to hidden')
    const unmountAgain = mountInBoundaries(house.element, () => createLiveQuery<Tune>(db, SQL, ['Dorian']))
    await house.until('caught: SQL')
    expect(await house.live()).toBe(0)
    await house.write('alter table hidden rename to tune')
    again()
    await house.until(['Cooley’s', 'The Kesh'])
    unmountAgain()
    expect(await house.live()).toBe(0)
  }),
)

test(
  'P1.5 tutti/solid: an error takes no rows away that are there',
  inHouse(solid, async (house) => {
    await house.add('Dorian', 'Cooley’s')
    const errors: (string | undefined)[] = []
    const unmount = mountInBoundaries(house.element, () => {
      const rows = createLiveQuery<Tune>(house.here.db, SQL, ['Dorian'])
      createEffect(() => errors.push(rows.error && codeOf(rows.error)))
      return rows
    })
    await house.until(['Cooley’s'])
    const [cooleys] = house.items
    await house.write('alter table tune rename to hidden')
    await house.stage.until(() => errors.length === 2)
    expect(house.items).toEqual([cooleys])
    await house.write('alter table hidden rename to tune')
    await house.stage.until(() => errors.length === 3)
    expect(errors).toEqual([undefined, 'SQL', undefined])
    await house.add('Dorian', 'The Kesh')
    await house.until(['Cooley’s', 'The Kesh'])
    expect(house.items[0] === cooleys).toBe(true)
    unmount()
  }),
)

test(
  'P1.5 tutti/solid: a transition keeps the former rows until those of new parameters are there',
  inHouse(solid, async (house) => {
    await house.add('Dorian', 'Cooley’s')
    await house.add('Major', 'The Kesh')
    const [mode, setMode] = createSignal('Dorian')
    const { db } = house.here
    const unmount = mountInBoundaries(house.element, () => createLiveQuery<Tune>(db, SQL, () => [mode()]))
    await house.until(['Cooley’s'])
    const done = startTransition(() => setMode('Major'))
    await Promise.resolve()
    expect(house.shown).toEqual(['Cooley’s'])
    await house.until(['The Kesh'])
    await done
    expect(await house.live()).toBe(1)
    await house.add('Major', 'Merrily')
    await house.until(['Merrily', 'The Kesh'])
    unmount()
    expect(await house.live()).toBe(0)
  }),
)

test(
  'P1.5 tutti/solid: rows that are known already are there at once, and equal parameters change nothing',
  inHouse(solid, async (house) => {
    await house.add('Dorian', 'Cooley’s')
    const { db } = house.here
    const [params, setParams] = createSignal(['Dorian'], { equals: false })
    const loads: boolean[] = []
    let followed = 0
    const counted = (live: LiveSource<Tune>): LiveSource<Tune> => ({
      key: live.key ?? '',
      current: live.current,
      subscribe(...listeners) {
        followed++
        return live.subscribe(...listeners)
      },
    })
    const dispose = createRoot((end) => {
      const rows = createLiveQuery<Tune>(() => counted(db.live<Tune>(SQL, params())))
      createEffect(() => loads.push(rows.loading))
      return end
    })
    while (loads.at(-1) !== false) await house.stage.simulation.runFor(20)
    setParams(['Dorian'])
    expect([loads, followed]).toEqual([[true, false], 1])
    createRoot((end) => {
      const rows = createLiveQuery<Tune>(() => db.live(SQL, ['Dorian']))
      expect([rows.loading, rows()?.map(({ title }) => title)]).toEqual([false, ['Cooley’s']])
      end()
    })
    dispose()
    expect(await house.live()).toBe(0)
  }),
)
