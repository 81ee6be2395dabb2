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

/** The mean of the middle half: as little moved by outliers as the median, and finer where a clock ticks coarsely. */
export function midmean(samples: readonly number[]): number {
  const sorted = samples.toSorted((a, b) => a - b)
  const quarter = Math.floor(sorted.length / 4)
  const middle = sorted.slice(quarter, sorted.length - quarter)
  return middle.reduce((sum, value) => sum + value, 0) / middle.length
}
