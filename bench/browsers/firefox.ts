import { firefox } from '../../e2e/engines/firefox.ts'
import type { BenchBrowser } from './bench-browser.ts'

/** As the tests of three engines drive it, with a clock as fine as Chromium's. */
export async function launchFirefox(): Promise<BenchBrowser> {
  const browser = await firefox.launch({ fineClock: true })
  return {
    name: 'firefox',
    version: `Firefox ${browser.version}`,
    newTab: (url) => browser.newTab(url),
    restart: () => browser.restart(),
    close: () => browser.close(),
  }
}
