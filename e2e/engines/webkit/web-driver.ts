/** What a session says of the browser that it started. */
export interface SessionCapabilities {
  readonly browserName: string
  readonly browserVersion: string
}

/** One session of WebDriver: plain HTTP, one command at a time. */
export interface WebDriverSession {
  readonly capabilities: SessionCapabilities
  /** The window that is there from the start. */
  readonly window: string
  /** Runs one command of the session's in one of its windows, after all that were asked for before it. */
  inWindow(window: string, method: string, path: string, body?: object): Promise<unknown>
}

/** A command that the driver refused: `name` is WebDriver's own word for why, such as `no such window`. */
export class WebDriverError extends Error {
  constructor(name: string, message: string) {
    super(message)
    this.name = name
  }
}

/**
 * Opens a session.
 *
 * @param url of the driver, which has to answer already
 * @param options `webkitgtk:browserOptions`
 */
export async function openSession(url: string, options: object): Promise<WebDriverSession> {
  const alwaysMatch = {
    'webkitgtk:browserOptions': options,
    // A call may wait for as long as the test that made it.
    timeouts: { script: 3_600_000, pageLoad: 3_600_000 },
  }
  const { sessionId, capabilities } = (await command(`${url}/session`, 'POST', {
    capabilities: { alwaysMatch },
  })) as { sessionId: string; capabilities: SessionCapabilities }
  const session = `${url}/session/${sessionId}`
  const window = (await command(`${session}/window`, 'GET')) as string
  let queue: Promise<unknown> = Promise.resolve()
  return {
    capabilities,
    window,
    inWindow(handle, method, path, body) {
      // Which window a command means is a state of the session, so the two go together.
      const done = queue.then(async () => {
        await command(`${session}/window`, 'POST', { handle })
        return command(`${session}${path}`, method, body)
      })
      queue = done.catch(() => {})
      return done
    },
  }
}

async function command(url: string, method: string, body?: object): Promise<unknown> {
  const content = method === 'POST' ? { body: JSON.stringify(body ?? {}) } : {}
  const response = await fetch(url, { method, ...content })
  const { value } = (await response.json()) as { value: unknown }
  if (!response.ok) {
    const { error, message } = value as { error: string; message: string }
    throw new WebDriverError(error, `${method} ${new URL(url).pathname}: ${error} ${message}`)
  }
  return value
}
