import { expect, test } from 'vitest'
import { createApp, effectScope, h, nextTick, ref, shallowRef } from 'vue'
import { type LiveQueryReturn, useLiveQuery } from '../../src/adapters/vue.ts'
import {
  codeOf,
  type Framework,
  frameworkContract,
  inHouse,
  SQL,
  type Tune,
  type Wanted,
} from './contract.ts'

function mount(element: HTMLElement, first: Wanted, use: (wanted: () => Wanted) => LiveQueryReturn<Tune>) {
  const wanted = shallowRef(first)
  const app = createApp({
    setup() {
      const { rows, error, pending } = use(() => wanted.value)
      return () => {
        if (error.value !== undefined) return `error: ${codeOf(error.value)}`
        if (rows.value === undefined) return pending.value ? 'loading' : 'nothing'
        return h(
          'ul',
          rows.value.map(({ id, title }) => h('li', { key: id }, title)),
        )
      }
    },
  })
  app.mount(element)
  return {
    show: (next: Wanted) => {
      wanted.value = next
    },
    unmount: () => app.unmount(),
  }
}

const vue: Framework = {
  name: 'tutti/vue',
  mount: (element, first) =>
    mount(element, first, (wanted) =>
      useLiveQuery<Tune>(
        () => wanted().db,
        SQL,
        () => [wanted().mode],
      ),
    ),
  mountSource: (element, first, find) =>
    mount(element, first, (wanted) => useLiveQuery(() => find(wanted()))),
  async act(work) {
    await work()
    await nextTick()
  },
}

frameworkContract(vue)

test(
  'P1.5 tutti/vue: ends with its effect scope, keeps former rows while others come, and rows when it fails',
  inHouse(vue, async (house) => {
    await house.add('Dorian', 'Cooley’s')
    await house.add('Major', 'The Kesh')
    const mode = ref('Dorian')
    const scope = effectScope()
    const live = scope.run(() => useLiveQuery<Tune>(house.here.db, SQL, () => [mode.value]))
    if (live === undefined) throw new Error('the scope has ended')
    const { rows, error, pending } = live
    const titles = () => rows.value?.map(({ title }) => title)
    expect([titles(), pending.value]).toEqual([undefined, true])
    await house.stage.until(() => !pending.value)
    mode.value = 'Major'
    await nextTick()
    expect([titles(), pending.value]).toEqual([['Cooley’s'], true])
    await house.stage.until(() => !pending.value)
    expect(titles()).toEqual(['The Kesh'])
    await house.write('alter table tune rename to hidden')
    await house.stage.until(() => error.value !== undefined)
    expect([titles(), codeOf(error.value), pending.value]).toEqual([['The Kesh'], 'SQL', false])
    await house.write('alter table hidden rename to tune')
    await house.stage.until(() => error.value === undefined)
    scope.stop()
    expect(await house.live()).toBe(0)
  }),
)
