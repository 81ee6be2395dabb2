import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'

/** What a browser reports when it refuses something by a Content-Security-Policy. */
export interface Violation {
  readonly directive: string
  readonly blocked: string
}

/** Hears what pages and their workers violate, which a page's events tell of the page alone. */
export interface ReportSink {
  /** For `report-uri`. */
  readonly url: string
  readonly violations: readonly Violation[]
  close(): void
}

/** Listens on a port of its own. */
export async function startReportSink(): Promise<ReportSink> {
  const violations: Violation[] = []
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { 'csp-report': report } = JSON.parse(body) as { 'csp-report': Record<string, string> }
      violations.push({
        directive: report['effective-directive'] ?? '',
        blocked: report['blocked-uri'] ?? '',
      })
      response.writeHead(204).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return { url: `http://127.0.0.1:${address.port}`, violations, close: () => server.close() }
}
