import { createServer } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { serve } from '../../scripts/serve.mjs'

/** A server of a built app, and of the small backend that examples talk to. */
export interface Backend {
  readonly url: string
  close(): Promise<void>
}

/** Serves a folder; keeps what it is sent by PUT and gives it back; has nothing to say at `/signed-out`. */
export async function serveAndKeep(folder: string): Promise<Backend> {
  const files = await serve(folder)
  const kept = new Map<string, Buffer>()
  const server = createServer(async (request, response) => {
    const { method, url = '/' } = request
    if (method === 'PUT') kept.set(url, await buffer(request))
    const found = kept.get(url)
    if (method === 'PUT' || url === '/signed-out') response.writeHead(204).end()
    else if (found !== undefined) response.end(found)
    else {
      const file = await fetch(`${files.url}${url}`)
      response.writeHead(file.status, { 'content-type': file.headers.get('content-type') ?? '' })
      response.end(Buffer.from(await file.arrayBuffer()))
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      server.close()
      server.closeAllConnections()
      await files.close()
    },
  }
}
