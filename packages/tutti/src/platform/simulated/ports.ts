import type { Port } from '../platform.ts'
import { cloneMessage } from './clone-message.ts'
import type { SimulatedContext } from './context.ts'
import { messageLabel } from './message-label.ts'
import { Outbox } from './outbox.ts'
import { Stream } from './stream.ts'

/**
 * The two ends of a message port between two contexts; the first end belongs to `left`. As with a
 * real port, messages wait until a listener is there.
 */
export function createPortPair<LeftToRight, RightToLeft>(
  left: SimulatedContext,
  right: SimulatedContext,
): [left: Port<LeftToRight, RightToLeft>, right: Port<RightToLeft, LeftToRight>] {
  const forth = createDirection<LeftToRight>(left, right)
  const back = createDirection<RightToLeft>(right, left)
  const close = () => {
    forth.close()
    back.close()
  }
  return [
    { post: forth.post, onMessage: back.onMessage, close },
    { post: back.post, onMessage: forth.onMessage, close },
  ]
}

interface Direction<Message> {
  post(message: Message, transfer?: readonly Transferable[]): void
  onMessage(listener: (message: Message) => void): void
  close(): void
}

function createDirection<Message>(from: SimulatedContext, to: SimulatedContext): Direction<Message> {
  const { world } = from
  const outbox = new Outbox(from)
  const stream = new Stream(world, true)
  let listener: ((message: Message) => void) | undefined
  let open = true
  return {
    post(message, transfer = []) {
      if (!from.alive || !open) return
      const sent =
        transfer.length === 0 ? cloneMessage(message) : structuredClone(message, { transfer: [...transfer] })
      const dispatch = outbox.dispatch()
      stream.add({
        due: from.now + from.prng.delay(world.options.portLatency),
        context: to,
        what: `port ${messageLabel(sent)} from ${from.name}`,
        valid: () => open && dispatch.survives(),
        run: () => {
          dispatch.arrived()
          listener?.(sent)
        },
      })
    },
    onMessage(next) {
      listener = next
      stream.start()
    },
    close() {
      open = false
    },
  }
}
