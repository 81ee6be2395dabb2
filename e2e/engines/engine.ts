import type { Scripted } from '../harness/scripted.ts'

/**
 * One tab of an {@link EngineBrowser}. What its functions return has to survive JSON. It is opened in front, and
 * so hides the one before it, as a user's would.
 */
export interface EngineTab extends Scripted {
  goto(url: string): Promise<void>
  /** Goes to the page before this one; resolves once it is shown. */
  back(): Promise<void>
  reload(): Promise<void>
  close(): Promise<void>
  /** The process that runs this tab's page and workers: on Firefox and WebKit perhaps other tabs' as well. */
  pid(): Promise<number>
}

/** A browser with one profile and any number of tabs. */
export interface EngineBrowser {
  /** What the engine calls itself, such as `153.7.0`. */
  readonly version: string
  /** What pages logged, one line each and in order for each page, over all restarts. */
  readonly log: readonly string[]
  /** Adds a line to the log. */
  note(line: string): void
  /** Opens a tab and waits until its page has loaded. */
  newTab(url: string): Promise<EngineTab>
  /** SIGKILLs the browser's root process, and starts it again on the same profile. */
  restart(): Promise<void>
  /** Ends the browser, and deletes its profile. */
  close(): Promise<void>
}

/** How to launch an {@link EngineBrowser}. */
export interface EngineOptions {
  /** As in a private window: nothing is kept when the browser ends. */
  readonly privately?: boolean
  /** A page's clock is as fine as can be, where the engine would make it coarser than 0.1 ms. */
  readonly fineClock?: boolean
}

/** A browser engine that is on this machine, and what is known of it. */
export interface Engine {
  readonly name: 'Chromium' | 'Firefox' | 'WebKit'
  /** Where a database is kept when nothing is asked for. */
  readonly rung: 'opfs' | 'indexeddb'
  /** Likewise in private windows; absent where the harness can open none. */
  readonly privateRung?: 'opfs' | 'indexeddb'
  /** Whether `back` brings a page out of the back/forward cache. */
  readonly cachesPages: boolean
  launch(options?: EngineOptions): Promise<EngineBrowser>
}
