import { h } from './dom.ts'
import type { SqlHistory } from './sql-history.ts'

export interface SqlPanelHandlers {
  readonly onRun: (sql: string) => void
  readonly onStop: () => void
  /** The switch "re-run on every commit" was turned on. */
  readonly onRerun: () => void
}

export interface SqlPanel {
  readonly element: HTMLElement
  readonly write: boolean
  readonly rerun: boolean
  setSql(sql: string): void
  setBusy(busy: boolean): void
  /** To be called after `history` grew. */
  showHistory(): void
}

/** The box for SQL, its switches, and what was run before. */
export function createSqlPanel(history: SqlHistory, { onRun, onStop, onRerun }: SqlPanelHandlers): SqlPanel {
  const box = h('textarea', {
    class: 'sql',
    'data-testid': 'sql',
    'aria-label': 'SQL',
    'aria-keyshortcuts': 'Control+Enter Meta+Enter',
    rows: '4',
    placeholder: 'select …',
    spellcheck: 'false',
    autocapitalize: 'off',
    autocomplete: 'off',
  })
  const runButton = h('button', { type: 'submit', class: 'primary', 'data-testid': 'run' }, 'Run')
  const stopButton = h('button', { type: 'button', 'data-testid': 'stop', disabled: true }, 'Stop')
  const rerun = toggle('Re-run on every commit', 'rerun', true)
  const write = toggle('Write mode', 'write-mode', false)
  const picker = h('select', { 'aria-label': 'SQL run before', disabled: true })
  const warning = h(
    'p',
    { class: 'warning', hidden: true },
    'Statements may now change the data in every tab.',
  )
  const controls = [runButton, stopButton, rerun.element, write.element, picker, h('kbd', {}, 'Ctrl ⏎')]
  const form = h(
    'form',
    { class: 'editor', 'aria-label': 'SQL' },
    box,
    h('div', { class: 'toolbar' }, ...controls),
    warning,
  )

  form.addEventListener('submit', (event) => {
    event.preventDefault()
    if (box.value.trim() !== '') onRun(box.value)
  })
  stopButton.addEventListener('click', onStop)
  rerun.input.addEventListener('change', () => rerun.input.checked && onRerun())
  write.input.addEventListener('change', () => {
    warning.hidden = !write.input.checked
    form.classList.toggle('writing', write.input.checked)
  })
  picker.addEventListener('change', () => {
    box.value = history.entries[picker.selectedIndex - 1] ?? box.value
    picker.selectedIndex = 0
    box.focus()
  })
  box.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      form.requestSubmit()
    } else if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      event.preventDefault()
      box.value = (event.key === 'ArrowUp' ? history.older() : history.newer()) ?? box.value
    }
  })

  return {
    element: form,
    get write() {
      return write.input.checked
    },
    get rerun() {
      return rerun.input.checked
    },
    setSql(sql) {
      box.value = sql
    },
    setBusy(busy) {
      stopButton.disabled = !busy
      form.classList.toggle('busy', busy)
    },
    showHistory() {
      picker.disabled = history.entries.length === 0
      const options = history.entries.map((sql) => h('option', {}, sql.replaceAll(/\s+/g, ' ').slice(0, 80)))
      picker.replaceChildren(h('option', {}, 'History'), ...options)
      picker.selectedIndex = 0
    },
  }
}

function toggle(
  label: string,
  testId: string,
  on: boolean,
): { element: HTMLElement; input: HTMLInputElement } {
  const input = h('input', { type: 'checkbox', role: 'switch', 'data-testid': testId, checked: on })
  return { element: h('label', { class: 'toggle' }, input, label), input }
}
