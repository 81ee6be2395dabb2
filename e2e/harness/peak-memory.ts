import { readFile, writeFile } from 'node:fs/promises'

/**
 * By how many bytes a process grows at most while `work` runs: the kernel keeps the peak of its resident memory
 * (proc(5): VmHWM), and starts it anew when it is told to (clear_refs, 5).
 */
export async function peakGrowth(pid: number, work: () => Promise<unknown>): Promise<number> {
  await writeFile(`/proc/${pid}/clear_refs`, '5')
  const before = await bytesOf(pid, 'VmRSS')
  await work()
  return (await bytesOf(pid, 'VmHWM')) - before
}

async function bytesOf(pid: number, field: string): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const [, kilobytes] = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status) ?? []
  if (kilobytes === undefined) throw new Error(`process ${pid} has no ${field}`)
  return Number(kilobytes) * 1024
}
