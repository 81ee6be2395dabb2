/** A tab, as far as it runs what a test gives it: Playwright's `Page`, and a tab of any engine. */
export interface Scripted {
  evaluate<R>(run: () => R | Promise<R>): Promise<R>
  evaluate<R, A>(run: (given: A) => R | Promise<R>, given: A): Promise<R>
}
