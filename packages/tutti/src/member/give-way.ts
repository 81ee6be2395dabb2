import type { Clock, Timer } from '../platform/platform.ts'

/** How long a hidden tab keeps the primary while another tab is visible, ms (R7). */
const HIDDEN_HANDOVER = 30_000

export interface GiveWayOptions {
  readonly clock: Clock
  /** On a phone a hidden tab is soon frozen, often without a word: it gives way at once (R7.1). */
  readonly mobile: boolean
  /** Whether another tab is visible, as far as is known. */
  readonly othersVisible: () => boolean
  readonly goToTheEnd: () => void
  /** Hands the primary over; false where this tab has none. */
  readonly handOver: () => boolean
}

/**
 * What a hidden tab owes a visible one: its place in the queue, and after a while the primary (R6, R7). Each
 * once while it is hidden: a visible tab that cannot serve would otherwise be handed the primary for ever.
 */
export class GiveWay {
  readonly #options: GiveWayOptions
  #hidden = false
  #owesPlace = false
  #owesPrimary = false
  #patience: Timer | undefined

  constructor(options: GiveWayOptions) {
    this.#options = options
  }

  hide(): void {
    if (this.#hidden) return
    this.#hidden = true
    this.#owesPlace = true
    this.#owesPrimary = this.#options.mobile
    if (!this.#owesPrimary) {
      this.#patience = this.#options.clock.after(HIDDEN_HANDOVER, () => {
        this.#owesPrimary = true
        this.look()
      })
    }
    this.look()
  }

  show(): void {
    this.#hidden = false
    this.#patience?.cancel()
  }

  /** Another tab may have become visible: whoever switches tabs hides the one first. */
  look(): void {
    const { othersVisible, goToTheEnd, handOver } = this.#options
    if (!this.#hidden || !othersVisible()) return
    if (this.#owesPlace) goToTheEnd()
    this.#owesPlace = false
    if (this.#owesPrimary) this.#owesPrimary = !handOver()
  }
}
