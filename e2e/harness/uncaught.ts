import type { TestBrowser } from './browser.ts'

/** What no code of a page has caught, errors and rejections, in all tabs so far. */
export function uncaughtIn({ log }: Pick<TestBrowser, 'log'>): string[] {
  return log.filter((line) => /^tab \d+ uncaught: /.test(line))
}
