import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { findWebKit } from '../../../scripts/find-engines.mjs'
import { openSession, type WebDriverSession } from './web-driver.ts'

const browser = fileURLToPath(new URL('browser.py', import.meta.url))

/** A running browser and what drives it, on a screen of their own that nobody sees. */
export interface Driver {
  readonly session: WebDriverSession
  /** The browser's root process. */
  readonly pid: number
  /** SIGKILLs the browser, and ends what drove it. */
  kill(): Promise<void>
}

/**
 * @param profile the folder of the profile; without one, nothing is kept
 * @param onLine called with each line that a page logs
 */
export async function startDriver(
  profile: string | undefined,
  onLine: (line: string) => void,
): Promise<Driver> {
  const { driver, screen } = findWebKit()
  // It takes the first free number, and says which.
  const display = start(screen, ['-displayfd', '1', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'], {})
  const number = await firstLine(display)
  const port = await freePort()
  const service = start(driver, [`--port=${port}`], {
    DISPLAY: `:${number}`,
    // As root there is no sandbox; without a desktop, nothing to bridge to.
    WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
    NO_AT_BRIDGE: '1',
    GDK_BACKEND: 'x11',
    ...(profile === undefined ? {} : { TUTTI_PROFILE: profile }),
  })
  for (const stream of [service.stdout, service.stderr]) {
    if (stream !== null) createInterface(stream).on('line', onLine)
  }
  const url = `http://127.0.0.1:${port}`
  await answers(`${url}/status`)
  const session = await openSession(url, { binary: browser, args: [] })
  const pid = Number(session.capabilities.browserName)
  return {
    session,
    pid,
    async kill() {
      process.kill(pid, 'SIGKILL')
      await Promise.all([service, display].map(end))
    },
  }
}

function start(command: string, args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  return spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } })
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill()
  await gone
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`${child.spawnfile} ended with ${code}`)))
    if (child.stdout !== null) createInterface(child.stdout).once('line', resolve)
  })
}

/** A port that nothing listens on now: the driver cannot say which one it took. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port is free')
  return address.port
}

async function answers(url: string): Promise<void> {
  while (
    !(await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    ))
  ) {
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
