import { mkdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { seriesOf } from './describe.ts'
import { drawLines } from './draw-lines.ts'
import type { BrowserName } from './line.ts'
import { resultsOf } from './results.ts'
import type { RunFile } from './run-file.ts'
import { measuresIn, visitsIn } from './run-state.ts'

/** A series, drawn. */
export interface Plot {
  readonly browser: BrowserName
  readonly measure: number
  readonly figure: string
  /** Beside RESULTS.md. */
  readonly file: string
}

/** Draws every series of a run into a folder: an SVG each. */
export async function drawPlots(run: RunFile, folder: string): Promise<Plot[]> {
  await mkdir(folder, { recursive: true })
  const plots: Plot[] = []
  for (const browser of run.plan.browsers) {
    const results = resultsOf(visitsIn(browser, run))
    for (const { number: measure } of measuresIn(browser, run.plan)) {
      const found = results.of(measure)
      for (const figure of seriesOf(found)) {
        const name = `${[browser, measure, figure]
          .join(' ')
          .toLowerCase()
          .replace(/[^a-z0-9]+/g, '-')}.svg`
        const svg = await drawLines(
          figure,
          found.filter((result) => result.figure === figure),
        )
        await writeFile(join(folder, name), svg)
        plots.push({ browser, measure, figure, file: `${basename(folder)}/${name}` })
      }
    }
  }
  return plots
}
