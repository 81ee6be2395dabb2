import { diffRows } from './diff-rows.ts'
import { h, setText } from './dom.ts'
import { formatDuration } from './format-duration.ts'
import type { InspectedResult } from './inspected-database.ts'
import { createResultRows, MOST_ROWS } from './result-rows.ts'
import { toCsv, toJson } from './result-text.ts'
import type { RunOutcome } from './sql-runner.ts'

export interface ResultsPanel {
  readonly element: HTMLElement
  show(outcome: RunOutcome): void
  clear(): void
}

/** What the last run gave: its rows under their headers, or its typed error. */
export function createResultsPanel(copy: (text: string, what: string) => void): ResultsPanel {
  const count = h('span', { class: 'result-count', role: 'status', 'data-testid': 'result-count' })
  const meta = h('span', { class: 'quiet', 'data-testid': 'result-meta' })
  const copyJson = h('button', { type: 'button', disabled: true, 'data-testid': 'copy-json' }, 'Copy JSON')
  const copyCsv = h('button', { type: 'button', disabled: true, 'data-testid': 'copy-csv' }, 'Copy CSV')
  const error = h('div', { class: 'error', role: 'alert', 'data-testid': 'result-error', hidden: true })
  const note = h('p', { class: 'quiet note', hidden: true })
  const headers = h('tr')
  const rows = createResultRows()
  const table = h(
    'table',
    { class: 'results', 'data-testid': 'results' },
    h('thead', {}, headers),
    rows.element,
  )
  const scroll = h(
    'div',
    { class: 'scroll results', role: 'region', 'aria-label': 'Results', tabindex: '0' },
    table,
  )
  let last: InspectedResult | undefined
  let repeats = 0

  copyJson.addEventListener('click', () => last && copy(toJson(last), 'JSON'))
  copyCsv.addEventListener('click', () => last && copy(toCsv(last), 'CSV'))

  function showResult(outcome: RunOutcome & { kind: 'result' }): void {
    const { result } = outcome
    const before = outcome.again && last && hasSameColumns(last, result) ? last : undefined
    if (!before) headers.replaceChildren(...result.columns.map((column) => h('th', { scope: 'col' }, column)))
    rows.show(result.rows, before && diffRows(before.rows, result.rows))
    last = result
    setText(count, describeCount(outcome))
    note.hidden = result.rows.length <= MOST_ROWS
    setText(note, `The first ${MOST_ROWS.toLocaleString('en')} rows are shown; copying takes all.`)
  }

  function showError(outcome: RunOutcome & { kind: 'error' }): void {
    const { code, message, details } = outcome.error
    const parts = [h('code', { class: 'code' }, code), h('p', {}, message)]
    if (details.length > 0) parts.push(h('p', { class: 'quiet' }, details.join(' · ')))
    // An alert is read aloud whenever its content is new: a repetition that fails alike stays silent.
    if (error.textContent !== parts.map((part) => part.textContent).join('')) error.replaceChildren(...parts)
    setText(count, '')
    note.hidden = true
    last = undefined
  }

  function clear(): void {
    last = undefined
    repeats = 0
    error.hidden = true
    note.hidden = true
    scroll.hidden = true
    copyJson.disabled = true
    copyCsv.disabled = true
    setText(count, '')
    setText(meta, 'Pick a table, or run a statement.')
  }

  clear()
  return {
    element: h(
      'section',
      { class: 'output', 'aria-label': 'Result' },
      h('div', { class: 'toolbar' }, count, meta, h('span', { class: 'spring' }), copyJson, copyCsv),
      error,
      note,
      scroll,
    ),
    show(outcome) {
      repeats = outcome.again ? repeats + 1 : 0
      if (outcome.kind === 'result') showResult(outcome)
      else showError(outcome)
      error.hidden = outcome.kind === 'result'
      const hasRows = outcome.kind === 'result' && outcome.result.columns.length > 0
      scroll.hidden = !hasRows
      copyJson.disabled = !hasRows
      copyCsv.disabled = !hasRows
      setText(meta, describeRun(outcome, repeats))
    },
    clear,
  }
}

function hasSameColumns(a: InspectedResult, b: InspectedResult): boolean {
  return (
    a.columns.length === b.columns.length && a.columns.every((column, index) => column === b.columns[index])
  )
}

function describeCount({ reads, result }: RunOutcome & { kind: 'result' }): string {
  const rows = result.rows.length
  const read = `${rows.toLocaleString('en')} ${rows === 1 ? 'row' : 'rows'}`
  if (reads) return read
  const changed = `${result.changes.toLocaleString('en')} ${result.changes === 1 ? 'row' : 'rows'} changed`
  return result.columns.length > 0 ? `${changed}, ${read} returned` : changed
}

function describeRun(outcome: RunOutcome, repeats: number): string {
  const parts = [formatDuration(outcome.elapsed)]
  if (outcome.kind === 'result') parts.push(`version ${outcome.result.version}`)
  if (repeats > 0) parts.push(`re-run ${repeats} ×`)
  return parts.join(' · ')
}
