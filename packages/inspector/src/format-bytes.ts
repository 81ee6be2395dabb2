const UNITS = ['B', 'kB', 'MB', 'GB', 'TB']

/** Decimal units, as browsers report quotas: 1,500 bytes are "1.5 kB". */
export function formatBytes(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000
    unit += 1
  }
  const digits = unit > 0 && value < 9.95 ? 1 : 0
  return `${value.toFixed(digits)} ${UNITS[unit]}`
}
