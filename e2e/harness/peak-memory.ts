import { readFile, writeFile } from 'node:fs/promises'

/**
 * By how many bytes the one of these processes that grows most does so while `work` runs: the kernel keeps the
 * peak of the resident memory of each (proc(5): VmHWM), and starts it anew when it is told to (clear_refs, 5).
 */
export async function peakGrowth(pids: readonly number[], work: () => Promise<unknown>): Promise<number> {
  await Promise.all(pids.map((pid) => writeFile(`/proc/${pid}/clear_refs`, '5')))
  const before = await Promise.all(pids.map((pid) => bytesOf(pid, 'VmRSS')))
  await work()
  const peaks = await Promise.all(pids.map((pid) => bytesOf(pid, 'VmHWM')))
  return Math.max(...peaks.map((peak, index) => peak - (before[index] ?? 0)))
}

async function bytesOf(pid: number, field: string): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const [, kilobytes] = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status) ?? []
  if (kilobytes === undefined) throw new Error(`process ${pid} has no ${field}`)
  return Number(kilobytes) * 1024
}
