import { isSameRow, type Row, type RowMark } from './diff-rows.ts'
import { h } from './dom.ts'
import { formatValue } from './format-value.ts'
import type { InspectedValue } from './inspected-database.ts'

/** More rows than this are counted and copied, but not drawn. */
export const MOST_ROWS = 1000

export interface ResultRows {
  readonly element: HTMLTableSectionElement
  /** `marks`, one for each row, say what flashes; without them nothing does. */
  show(rows: readonly Row[], marks?: readonly RowMark[]): void
}

/** The body of the results table. A row that did not change keeps its element, with its selection and focus. */
export function createResultRows(): ResultRows {
  const element = h('tbody')
  let shown: readonly Row[] = []
  return {
    element,
    show(rows, marks) {
      const drawn = rows.slice(0, MOST_ROWS)
      const old = [...element.rows]
      for (const [index, row] of drawn.entries()) {
        const there = old[index]
        if (there && isSameRow(shown[index], row)) continue
        const next = resultRow(row, marks?.[index])
        if (there) there.replaceWith(next)
        else element.append(next)
      }
      for (const surplus of old.slice(drawn.length)) surplus.remove()
      shown = drawn
    },
  }
}

function resultRow(row: Row, mark: RowMark | undefined): HTMLTableRowElement {
  const cells = row.map((value, index) => resultCell(value, typeof mark === 'object' && mark.has(index)))
  return h('tr', { 'data-testid': 'result-row', class: mark === 'new' ? 'flash' : '' }, ...cells)
}

function resultCell(value: InspectedValue, flash: boolean): HTMLTableCellElement {
  const { kind, text, more } = formatValue(value)
  const cell = h('td', { class: flash ? `${kind} flash` : kind }, text)
  if (more) {
    const button = h('button', { type: 'button', class: 'more', 'aria-expanded': 'false' }, more.label)
    const content = h('span', { class: 'start' }, text)
    let open = false
    button.addEventListener('click', () => {
      open = !open
      content.textContent = open ? more.full() : text
      cell.classList.toggle('open', open)
      button.setAttribute('aria-expanded', String(open))
    })
    cell.classList.add('cut')
    cell.replaceChildren(content, ' ', button)
  }
  return cell
}
