/** Something that was measured, a number of times. */
export interface Figure {
  readonly name: string
  /** Milliseconds; where one call is too short for the page's clock (0.1 ms), each is the mean of several. */
  readonly samples: readonly number[]
}

/** How many times as long the first took as the second, by their medians, in the same run. */
export interface Ratio {
  readonly name: string
  readonly value: number
}

export function median(samples: readonly number[]): number {
  return quantile(samples, 0.5)
}

/** By linear interpolation between the neighbours; `NaN` of nothing. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b)
  const at = (sorted.length - 1) * share
  const below = sorted[Math.floor(at)] ?? Number.NaN
  const above = sorted[Math.ceil(at)] ?? Number.NaN
  return below + (above - below) * (at - Math.floor(at))
}

export function formatTable(figures: readonly Figure[]): string {
  const lines = figures.map(({ name, samples }) => [
    name,
    String(samples.length),
    milliseconds(median(samples)),
    milliseconds(quantile(samples, 0.95)),
  ])
  return align([['', 'n', 'median', 'p95'], ...lines])
}

export function formatRatios(ratios: readonly Ratio[]): string {
  return align([
    ['one durable write, by medians', 'ratio'],
    ...ratios.map(({ name, value }) => [name, value.toFixed(2)]),
  ])
}

function milliseconds(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} ms`
}

/** The first column to the left, all others to the right. */
function align(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  )
  return lines
    .map((line) =>
      line
        .map((cell, column) => {
          const width = widths[column] ?? 0
          return column === 0 ? cell.padEnd(width) : cell.padStart(width + 2)
        })
        .join(''),
    )
    .join('\n')
}
