import type { Port } from './platform.ts'

/** What a MessagePort and the global scope of a dedicated worker have in common. */
interface MessageEndpoint {
  postMessage(message: unknown, transfer: Transferable[]): void
  onmessage: ((event: MessageEvent) => void) | null
  close(): void
}

/** A {@link Port} over a MessagePort, or over a dedicated worker's own scope. */
export function portOf<Out, In>(endpoint: MessageEndpoint): Port<Out, In> {
  return {
    post: (message, transfer = []) => endpoint.postMessage(message, transfer as Transferable[]),
    onMessage: (listener) => {
      endpoint.onmessage = ({ data }) => listener(data as In)
    },
    close: () => endpoint.close(),
  }
}
