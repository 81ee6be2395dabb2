import { badge, h } from './dom.ts'
import type { InspectedMember } from './inspected-database.ts'

export interface MembersTable {
  readonly element: HTMLElement
  show(members: readonly InspectedMember[]): void
}

const HEADINGS = ['Tab', 'Role', 'Page', 'Visible', 'Replica', 'Version', 'Build', 'Schema']

/** Every tab that has this database open: who is who. */
export function createMembersTable(): MembersTable {
  const body = h('tbody')
  const headings = HEADINGS.map((heading) => h('th', { scope: 'col' }, heading))
  const table = h(
    'table',
    { class: 'members', 'data-testid': 'members', 'aria-label': 'Tabs' },
    h('thead', {}, h('tr', {}, ...headings)),
    body,
  )
  let shown = ''
  return {
    element: h('div', { class: 'scroll' }, table),
    show(members) {
      // A refresh that says the same must not take away a selection.
      const next = JSON.stringify(members)
      if (next === shown) return
      shown = next
      body.replaceChildren(...members.map(memberRow))
    },
  }
}

function memberRow(member: InspectedMember): HTMLElement {
  const tab = h('th', { scope: 'row', class: 'tab' }, h('code', { title: member.tab }, member.tab))
  if (member.self) tab.append(badge('this tab', 'self'))
  return h(
    'tr',
    { 'data-testid': 'member-row', class: member.self ? 'self' : '' },
    tab,
    h('td', {}, badge(member.role, member.role)),
    h('td', { class: 'page', title: member.url }, h('span', {}, member.title), ' ', path(member.url)),
    h('td', {}, member.visible ? 'visible' : 'hidden'),
    h('td', {}, member.replica),
    h('td', { class: 'number' }, String(member.version)),
    h('td', {}, h('code', { title: member.build }, member.build)),
    h('td', { class: 'number' }, String(member.schema)),
  )
}

function path(url: string): HTMLElement {
  const text = URL.canParse(url) ? url.slice(new URL(url).origin.length) : url
  return h('span', { class: 'quiet' }, text)
}
