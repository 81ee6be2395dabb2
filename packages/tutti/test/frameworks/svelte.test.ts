import { flushSync, mount as mountComponent, unmount } from 'svelte'
import { expect, test } from 'vitest'
import { liveQuery } from '../../src/adapters/svelte.ts'
import {
  codeOf,
  type FindSource,
  type Framework,
  frameworkContract,
  inHouse,
  SQL,
  type Tune,
  type Wanted,
} from './contract.ts'
import List from './List.svelte'
import { createState, createWatch } from './state.svelte.ts'

function mount(target: HTMLElement, first: Wanted, find?: FindSource) {
  const wanted = createState(first)
  const list = mountComponent(List, {
    target,
    props: {
      get wanted() {
        return wanted.current
      },
      find,
    },
  })
  flushSync()
  return {
    show(next: Wanted) {
      wanted.current = next
    },
    unmount: () => void unmount(list),
  }
}

const svelte: Framework = {
  name: 'tutti/svelte',
  mount: (element, first) => mount(element, first),
  mountSource: mount,
  async act(work) {
    await work()
    flushSync()
  },
}

frameworkContract(svelte)

test(
  'P1.5 tutti/svelte: runs while an effect reads it, keeps former rows while others come, and rows when it fails',
  inHouse(svelte, async (house) => {
    await house.add('Dorian', 'Cooley’s')
    await house.add('Major', 'The Kesh')
    const mode = createState('Dorian')
    const tunes = liveQuery<Tune>(house.here.db, SQL, () => [mode.current])
    expect([tunes.rows, tunes.pending, await house.live()]).toEqual([undefined, true, 0])
    const seen: unknown[] = []
    const stop = createWatch(() => {
      seen.push([tunes.rows?.map(({ title }) => title), tunes.pending, tunes.error && codeOf(tunes.error)])
    })
    const last = async (...expected: unknown[]) => {
      for (let round = 0; round < 200 && JSON.stringify(seen.at(-1)) !== JSON.stringify(expected); round++)
        await house.act(() => house.stage.simulation.runFor(20))
      expect(seen.at(-1)).toEqual(expected)
    }
    await last(['Cooley’s'], false, undefined)
    mode.current = 'Major'
    flushSync()
    expect(seen.at(-1)).toEqual([['Cooley’s'], true, undefined])
    await last(['The Kesh'], false, undefined)
    await house.write('alter table tune rename to hidden')
    await last(['The Kesh'], false, 'SQL')
    await house.write('alter table hidden rename to tune')
    await last(['The Kesh'], false, undefined)
    expect(seen).toHaveLength(6)
    stop()
    expect([await house.live(), tunes.rows]).toEqual([0, undefined])
  }),
)
