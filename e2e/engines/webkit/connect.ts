import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface, type Interface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { findWebKit } from '../../../scripts/find-engines.mjs'

const program = fileURLToPath(new URL('browser.py', import.meta.url))

/** A running `browser.py`, on a screen of its own that nobody sees. */
export interface Connection {
  readonly pid: number
  readonly version: string
  /** Has something done in a tab. Rejects where a function threw, and where the browser ends before it answers. */
  ask(what: string, tab: number, more?: object): Promise<unknown>
  /** SIGKILLs the browser; resolves once it and its screen are gone. */
  kill(): Promise<void>
}

interface Answer {
  readonly id?: number
  readonly version?: string
  readonly value?: unknown
  readonly error?: { readonly name: string; readonly message: string }
}

interface Pending {
  readonly resolve: (value: unknown) => void
  readonly reject: (reason: Error) => void
}

/**
 * @param profile the folder of the profile; without one, nothing is kept
 * @param onLine called with each line that a page logs
 */
export async function connect(
  profile: string | undefined,
  onLine: (line: string) => void,
): Promise<Connection> {
  const { screen, python } = findWebKit()
  // It takes the first free number, and says which.
  const display = start(screen, ['-displayfd', '1', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'], {})
  const [number] = await firstLine(display)
  const browser = start(python, [program, ...(profile === undefined ? [] : [profile])], {
    DISPLAY: `:${number}`,
    GDK_BACKEND: 'x11',
    // As root there is no sandbox; without a desktop, nothing to bridge to.
    WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
    NO_AT_BRIDGE: '1',
  })
  if (browser.stderr !== null) createInterface(browser.stderr).on('line', onLine)
  const [hello, lines] = await firstLine(browser)
  const pending = new Map<number, Pending>()
  lines.on('line', (line) => {
    const { id = 0, value, error } = JSON.parse(line) as Answer
    if (error === undefined) pending.get(id)?.resolve(value)
    else pending.get(id)?.reject(Object.assign(new Error(error.message), { name: error.name }))
    pending.delete(id)
  })
  browser.once('exit', () => {
    for (const { reject } of pending.values()) reject(new Error('the browser ended'))
  })
  let ids = 0
  return {
    pid: browser.pid ?? 0,
    version: (JSON.parse(hello) as Answer).version ?? '',
    ask: (what, tab, more = {}) =>
      new Promise((resolve, reject) => {
        const id = ++ids
        pending.set(id, { resolve, reject })
        browser.stdin?.write(`${JSON.stringify({ id, do: what, tab, ...more })}\n`)
      }),
    async kill() {
      await end(browser, 'SIGKILL')
      await end(display, 'SIGTERM')
    },
  }
}

function start(command: string, args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  return spawn(command, args, { stdio: 'pipe', env: { ...process.env, ...env } })
}

/** The first line that a program says, and those that follow it. */
function firstLine(child: ChildProcess): Promise<[line: string, lines: Interface]> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`${child.spawnfile} ended with ${code}`)))
    if (child.stdout === null) return
    const lines = createInterface(child.stdout)
    lines.once('line', (line) => resolve([line, lines]))
  })
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill(signal)
  await gone
}
