import { createElement, Suspense } from 'react'
import { renderToString as renderReact } from 'react-dom/server'
import { renderToReadableStream } from 'react-dom/server.edge'
import { renderToString, renderToStringAsync } from 'solid-js/web'
import { render as renderSvelte } from 'svelte/server'
import { describe, expect, it } from 'vitest'
import { createSSRApp } from 'vue'
import { renderToString as renderVue } from 'vue/server-renderer'
import { useLiveQuery, useSuspenseLiveQuery } from '../../src/adapters/react.ts'
import { createLiveQuery } from '../../src/adapters/solid.ts'
import { liveQuery } from '../../src/adapters/svelte.ts'
import { useLiveQuery as useLiveVue } from '../../src/adapters/vue.ts'
import type { Database } from '../../src/index.ts'
import SvelteList from '../frameworks/List.svelte'

const SQL = 'select title from tune'

/** What is on a server where a database would be. */
const nothing = (): Database | undefined => undefined

describe('P1.5 rendered on a server, where there is no database,', () => {
  it('tutti/solid is loading, and does not hold up what streams', async () => {
    const list = () => {
      const rows = createLiveQuery<{ title: string }>(nothing, SQL)
      return JSON.stringify([
        rows.loading,
        rows() ?? 'no rows',
        rows.latest ?? 'none',
        rows.error ?? 'no error',
      ])
    }
    const expected = '[true,"no rows","none","no error"]'
    expect(renderToString(list)).toBe(expected)
    expect(await renderToStringAsync(list)).toBe(expected)
  })

  it('tutti/react is pending; what suspends leaves the fallback to be sent', async () => {
    const List = () => JSON.stringify(useLiveQuery(nothing(), SQL))
    expect(renderReact(createElement(List))).toBe('{&quot;isPending&quot;:true}')
    const Suspending = () => JSON.stringify(useSuspenseLiveQuery(nothing(), SQL))
    const page = createElement(Suspense, { fallback: 'waiting' }, createElement(Suspending))
    expect(renderReact(page)).toContain('waiting')
    const stream = await renderToReadableStream(page, { onError: () => undefined })
    expect(await new Response(stream).text()).toContain('waiting')
  })

  it('tutti/vue is pending', async () => {
    const app = createSSRApp({
      setup() {
        const { rows, error, pending } = useLiveVue(nothing, SQL)
        return () => JSON.stringify([pending.value, rows.value ?? 'no rows', error.value ?? 'no error'])
      },
    })
    expect(await renderVue(app)).toBe('[true,&quot;no rows&quot;,&quot;no error&quot;]')
  })

  it('tutti/svelte is pending', () => {
    const tunes = liveQuery(nothing, SQL)
    expect([tunes.rows, tunes.error, tunes.pending]).toEqual([undefined, undefined, true])
    const { body } = renderSvelte(SvelteList, { props: { wanted: { db: nothing(), mode: 'Dorian' } } })
    expect(body).toContain('loading')
  })
})
