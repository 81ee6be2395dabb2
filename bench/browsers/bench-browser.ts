import type { Scripted } from '../../e2e/harness/scripted.ts'
import type { BrowserName } from '../line.ts'

/** A tab in which a peer performs. */
export interface BenchTab extends Scripted {
  /** Ends as a user closes it. */
  close(): Promise<void>
  /** Its process dies, the browser notices, and the tab is closed; where that can be done. */
  crash?(): Promise<void>
}

/** A browser with one profile, in which peers are measured. */
export interface BenchBrowser {
  readonly name: BrowserName
  /** What the engine calls itself, such as `Firefox 153.7.0`. */
  readonly version: string
  /** Opens a tab, in front, and waits until its page has loaded. */
  newTab(url: string): Promise<BenchTab>
  /** Ends the browser in whatever state it is, and starts it on the same profile. */
  restart(): Promise<void>
  /** Ends it, and deletes the profile. */
  close(): Promise<void>
  /** Bytes that its processes share with nobody, without garbage and once they are still; where that can be known. */
  memory?(): Promise<number | undefined>
}
