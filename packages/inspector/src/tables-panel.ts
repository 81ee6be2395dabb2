import { h, setText } from './dom.ts'
import type { ListedTable } from './list-tables.ts'

export interface TablesPanel {
  readonly element: HTMLElement
  show(tables: readonly ListedTable[]): void
  showError(message: string): void
}

/** The list of tables and views; a click picks one. */
export function createTablesPanel(onPick: (name: string) => void): TablesPanel {
  const list = h('ul')
  const message = h('p', { class: 'quiet' }, 'Reading the schema …')
  const counts = new Map<string, HTMLElement>()
  let shown = ''

  function item({ name, type, sql }: ListedTable): HTMLElement {
    const count = h('span', { class: 'count' })
    counts.set(name, count)
    const button = h('button', { type: 'button', 'data-testid': `table-${name}`, title: sql })
    button.append(h('span', { class: 'name' }, ...breakable(name)))
    if (type === 'view') button.append(h('span', { class: 'badge view' }, 'view'))
    button.append(count)
    button.addEventListener('click', () => onPick(name))
    return h('li', {}, button)
  }

  return {
    element: h('nav', { class: 'tables', 'aria-label': 'Tables' }, h('h2', {}, 'Tables'), message, list),
    show(tables) {
      // Buttons stay while the schema does: one of them may have the focus.
      const schema = JSON.stringify(tables.map(({ name, type, sql }) => [name, type, sql]))
      if (schema !== shown) {
        shown = schema
        counts.clear()
        list.replaceChildren(...tables.map(item))
      }
      for (const { name, rows } of tables) {
        const count = counts.get(name)
        if (count) setText(count, rows === null ? '?' : rows.toLocaleString('en'))
      }
      setText(message, 'No tables yet.')
      message.hidden = tables.length > 0
    },
    showError(text) {
      setText(message, text)
      message.hidden = false
    },
  }
}

/** A long name may break after an underscore, before it breaks anywhere. */
function breakable(name: string): (Node | string)[] {
  return name.split(/(?<=_)/).flatMap((part, index) => (index === 0 ? [part] : [h('wbr'), part]))
}
