import { browserClock } from './clock.ts'
import { describeError } from './describe-error.ts'
import { h } from './dom.ts'
import type { InspectedDatabase } from './inspected-database.ts'
import { createInspection, type Inspection, type Panels } from './inspection.ts'
import { quoteIdentifier } from './quote-identifier.ts'
import { createResultsPanel } from './results-panel.ts'
import { saveFile } from './save-file.ts'
import { createSqlHistory, type SqlHistory } from './sql-history.ts'
import { createSqlPanel } from './sql-panel.ts'
import { createStyleSheet } from './styles.ts'
import { createTablesPanel } from './tables-panel.ts'
import { createWhoPanel } from './who-panel.ts'

/** On a server there is no `HTMLElement`; importing this module must do nothing there. */
const ElementBase = globalThis.HTMLElement ?? Object

/**
 * `<tutti-inspector>`: shows one database as it is: who is who, its tables, and the result of any SQL,
 * kept true by a re-run on every commit of any tab. Read-only until "Write mode" is switched on.
 *
 * Give it a `Database` of `tutti` as the property `database`. It never closes or deletes it.
 *
 * @example
 * ```ts
 * import 'tutti-inspector'
 *
 * const inspector = document.createElement('tutti-inspector')
 * inspector.database = db
 * document.body.append(inspector)
 * ```
 *
 * Themed by the custom properties `--tutti-background`, `--tutti-surface`, `--tutti-text`, `--tutti-quiet`,
 * `--tutti-border`, `--tutti-accent`, `--tutti-on-accent`, `--tutti-danger`, `--tutti-flash`, `--tutti-font`,
 * `--tutti-mono` and `--tutti-radius`.
 */
export class TuttiInspector extends ElementBase {
  #database: InspectedDatabase | null = null
  #inspection: Inspection | undefined
  #panels: Panels | undefined
  readonly #history: SqlHistory = createSqlHistory()
  readonly #notice: HTMLElement

  constructor() {
    super()
    this.#notice = h('p', { class: 'toast', role: 'status' })
    this.attachShadow({ mode: 'open' }).adoptedStyleSheets = [createStyleSheet()]
  }

  /** The database on show, or `null`. It stays the property of who opened it. */
  get database(): InspectedDatabase | null {
    return this.#database
  }

  set database(database: InspectedDatabase | null) {
    if (database === this.#database) return
    this.#stop()
    this.#database = database
    if (this.isConnected) this.#start()
  }

  connectedCallback(): void {
    // A framework may have set the property before the element's class was known.
    if (Object.hasOwn(this, 'database')) {
      const { database } = this
      Reflect.deleteProperty(this, 'database')
      this.database = database
    }
    document.addEventListener('visibilitychange', this.#onVisibility)
    this.#start()
  }

  disconnectedCallback(): void {
    document.removeEventListener('visibilitychange', this.#onVisibility)
    this.#stop()
  }

  readonly #onVisibility = (): void => {
    if (document.hidden) this.#inspection?.pause()
    else this.#inspection?.resume()
  }

  #start(): void {
    if (!this.#database || this.#inspection) return
    this.#panels = this.#createPanels()
    this.#inspection = createInspection(this.#database, this.#panels, browserClock)
    this.#onVisibility()
  }

  #stop(): void {
    this.#inspection?.dispose()
    this.#inspection = undefined
    this.shadowRoot?.replaceChildren()
  }

  #createPanels(): Panels {
    const who = createWhoPanel()
    const tables = createTablesPanel((name) => {
      const sql = `SELECT * FROM ${quoteIdentifier(name)} LIMIT 100`
      panels.sql.setSql(sql)
      this.#run(sql)
    })
    const sql = createSqlPanel(this.#history, {
      onRun: (text) => this.#run(text),
      onStop: () => this.#inspection?.stop(),
      onRerun: () => this.#inspection?.rerun(),
    })
    const results = createResultsPanel((text, what) => void this.#copy(text, what))
    const panels: Panels = { who, tables, sql, results }
    const save = h('button', { type: 'button', 'data-testid': 'export' }, 'Export .sqlite3')
    save.addEventListener('click', () => void this.#export(save))
    this.shadowRoot?.replaceChildren(
      who.element,
      h(
        'div',
        { class: 'work' },
        h('aside', {}, tables.element, save),
        h('div', { class: 'main' }, sql.element, results.element),
      ),
      this.#notice,
    )
    sql.showHistory()
    return panels
  }

  #run(sql: string): void {
    this.#history.add(sql)
    this.#panels?.sql.showHistory()
    this.#inspection?.run(sql)
  }

  async #copy(text: string, what: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text)
      this.#say(`Copied as ${what}.`)
    } catch (error) {
      this.#say(`Could not copy: ${describeError(error, '').message}`)
    }
  }

  async #export(button: HTMLButtonElement): Promise<void> {
    const database = this.#database
    if (!database) return
    button.disabled = true
    try {
      saveFile(await database.export(), `${database.name}-${database.user}.sqlite3`)
      this.#say('Exported.')
    } catch (error) {
      const { code, message } = describeError(error, '')
      this.#say(`Could not export (${code}): ${message}`)
    } finally {
      button.disabled = false
    }
  }

  #say(text: string): void {
    this.#notice.textContent = text
    browserClock.after(4000, () => {
      if (this.#notice.textContent === text) this.#notice.textContent = ''
    })
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'tutti-inspector': TuttiInspector
  }
}
