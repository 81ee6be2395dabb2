/** What FSRS knows of a tune after a review: the columns that a practice record and a staged one share. */
export interface ReviewState {
  /** When the tune was practised, UTC. */
  readonly practiced: string
  /** FSRS: 0 new, 1 learning, 2 review, 3 relearning. */
  readonly state: number
  /** Days until the chance of recall falls to 90 %. */
  readonly stability: number
  /** From 1, easy, to 10. */
  readonly difficulty: number
  readonly scheduledDays: number
  readonly repetitions: number
  readonly lapses: number
  /** UTC. */
  readonly due: string
}
