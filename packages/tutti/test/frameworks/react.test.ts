import {
  act,
  Component,
  createElement,
  memo,
  type ReactNode,
  StrictMode,
  Suspense,
  startTransition,
} from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { afterEach, expect, test, vi } from 'vitest'
import { type LiveResult, useLiveQuery, useSuspenseLiveQuery } from '../../src/adapters/react.ts'
import {
  codeOf,
  type Framework,
  frameworkContract,
  type House,
  inHouse,
  SQL,
  type Tune,
  type Wanted,
} from './contract.ts'

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })

const roots: Root[] = []
afterEach(() => {
  vi.useRealTimers()
  act(() => {
    for (const root of roots.splice(0)) root.unmount()
  })
})

/** How often an item was drawn, by its title. */
const drawn = new Map<string, number>()
const Item = memo(({ tune }: { tune: Tune }) => {
  drawn.set(tune.title, (drawn.get(tune.title) ?? 0) + 1)
  return createElement('li', null, tune.title)
})

function listOf(rows: readonly Tune[]): ReactNode {
  return rows.map((tune) => createElement(Item, { key: tune.id, tune }))
}

function draw({ rows, error, isPending }: LiveResult<Tune>): ReactNode {
  if (error !== undefined) return `error: ${codeOf(error)}`
  if (rows === undefined) return isPending ? 'loading' : 'nothing'
  return listOf(rows)
}

function createView(element: HTMLElement, List: (wanted: Wanted) => ReactNode) {
  const root = createRoot(element)
  roots.push(root)
  const show = (wanted: Wanted) => root.render(createElement(StrictMode, null, createElement(List, wanted)))
  return { show, unmount: () => root.unmount() }
}

function mount(element: HTMLElement, first: Wanted, List: (wanted: Wanted) => ReactNode) {
  const view = createView(element, List)
  act(() => view.show(first))
  return view
}

const react: Framework = {
  name: 'tutti/react in strict mode',
  mount: (element, first) =>
    mount(element, first, ({ db, mode }) => draw(useLiveQuery<Tune>(db, SQL, [mode]))),
  mountSource: (element, first, find) => mount(element, first, (wanted) => draw(useLiveQuery(find(wanted)))),
  act: (work) => act(async () => work()),
}

frameworkContract(react)

class Boundary extends Component<{ children: ReactNode }, { error: Error | undefined }> {
  override state: { error: Error | undefined } = { error: undefined }
  static getDerivedStateFromError(error: Error) {
    return { error }
  }
  override render() {
    return this.state.error === undefined ? this.props.children : `caught: ${codeOf(this.state.error)}`
  }
}

/** How often a list was waited for. */
let waits = 0
function Waiting() {
  waits++
  return 'waiting'
}

/** A list that suspends on its first draw, so that nothing it remembers is there on the next one. */
async function mountSuspending(house: House, first: Wanted) {
  const List = ({ db, mode }: Wanted) => listOf(useSuspenseLiveQuery<Tune>(db, SQL, [mode]))
  const view = createView(house.element, (wanted) =>
    createElement(
      Boundary,
      null,
      createElement(Suspense, { fallback: createElement(Waiting) }, createElement(List, wanted)),
    ),
  )
  await house.act(() => view.show(first))
  return view
}

test(
  'P1.5 tutti/react: rows that did not change are not drawn again, and equal queries are one',
  inHouse(react, async (house) => {
    await house.add('Dorian', 'Cooley’s')
    drawn.clear()
    const { db } = house.here
    const view = mount(house.element, { db, mode: 'Dorian' }, ({ mode }) => [
      createElement('b', { key: 1 }, useLiveQuery<Tune>(db, SQL, [mode]).rows?.length),
      createElement('ul', { key: 2 }, draw(useLiveQuery<Tune>(db, SQL, [mode]))),
    ])
    await house.until(['Cooley’s'])
    const before = drawn.get('Cooley’s')
    expect(await house.live()).toBe(1)
    await house.add('Dorian', 'The Kesh')
    await house.until(['Cooley’s', 'The Kesh'])
    expect(drawn.get('Cooley’s')).toBe(before)
    await house.act(() => view.unmount())
    expect(await house.live()).toBe(0)
  }),
)

test(
  'P1.5 tutti/react: Suspense waits for the database and the first result, and goes on with what comes',
  inHouse(react, async (house) => {
    await house.add('Dorian', 'Cooley’s')
    await house.add('Major', 'The Kesh')
    const { db } = house.here
    const view = await mountSuspending(house, { db: undefined, mode: 'Dorian' })
    expect(house.shown).toBe('waiting')
    await house.act(() => view.show({ db, mode: 'Dorian' }))
    await house.until(['Cooley’s'])
    const [cooleys] = house.items
    await house.add('Dorian', 'Banshee')
    await house.until(['Banshee', 'Cooley’s'])
    expect(house.items[1] === cooleys).toBe(true)
    await house.act(() => startTransition(() => view.show({ db, mode: 'Major' })))
    expect(house.shown).toEqual(['Banshee', 'Cooley’s'])
    await house.until(['The Kesh'])
    await house.write('alter table tune rename to hidden')
    await house.act(() => house.stage.simulation.runFor(200))
    expect(house.shown).toEqual(['The Kesh'])
    await house.act(() => view.unmount())
  }),
)

test(
  'P1.5 tutti/react: an error instead of the first result is thrown to the boundary',
  inHouse(react, async (house) => {
    const complain = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    await house.write('alter table tune rename to hidden')
    const view = await mountSuspending(house, { db: house.here.db, mode: 'Dorian' })
    await house.until('caught: SQL')
    await house.act(() => view.unmount())
    expect(house.shown).toBe('')
    complain.mockRestore()
  }),
)

test(
  'P1.5 tutti/react: a query that suspended runs once, and ends when nobody has shown it for a while',
  inHouse(react, async (house) => {
    await house.add('Dorian', 'Cooley’s')
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    const { db } = house.here
    const view = await mountSuspending(house, { db, mode: 'Dorian' })
    await house.until(['Cooley’s'])
    vi.advanceTimersByTime(60_000)
    expect(await house.live()).toBe(1)
    await house.act(() => view.unmount())
    vi.advanceTimersByTime(9_000)
    expect(await house.live()).toBe(1)
    const again = await mountSuspending(house, { db, mode: 'Dorian' })
    expect(house.shown).toEqual(['Cooley’s'])
    await house.act(() => again.unmount())
    vi.advanceTimersByTime(11_000)
    expect(await house.live()).toBe(0)
  }),
)

test(
  'P1.5 tutti/react: Suspense does not wait for rows that this tab has already',
  inHouse(react, async (house) => {
    await house.add('Dorian', 'Cooley’s')
    const { db } = house.here
    const live = db.live(SQL, ['Dorian'])
    const stop = live.subscribe(() => undefined)
    await house.stage.until(() => live.current !== undefined)
    waits = 0
    const view = await mountSuspending(house, { db, mode: 'Dorian' })
    expect([house.shown, waits]).toEqual([['Cooley’s'], 0])
    await house.act(() => view.unmount())
    stop()
  }),
)
