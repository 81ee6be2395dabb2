import type { Channel } from '../platform.ts'
import { cloneMessage } from './clone-message.ts'
import type { SimulatedContext } from './context.ts'
import { messageLabel } from './message-label.ts'
import { Outbox } from './outbox.ts'
import { Stream } from './stream.ts'

/** One channel object of one context, as the others see it. */
export interface Endpoint {
  readonly context: SimulatedContext
  readonly open: () => boolean
  readonly receive: ((message: unknown) => void) | undefined
}

/** Who has which channel open. */
export class ChannelRegistry {
  readonly #endpoints = new Map<string, Set<Endpoint>>()

  add(name: string, endpoint: Endpoint): void {
    const known = this.#endpoints.get(name)
    if (known === undefined) this.#endpoints.set(name, new Set([endpoint]))
    else known.add(endpoint)
  }

  remove(name: string, endpoint: Endpoint): void {
    const known = this.#endpoints.get(name)
    known?.delete(endpoint)
    if (known?.size === 0) this.#endpoints.delete(name)
  }

  /** Everyone who would hear a post of `sender`. */
  listeners(name: string, sender: Endpoint): readonly Endpoint[] {
    return [...(this.#endpoints.get(name) ?? [])].filter(
      (endpoint) => endpoint !== sender && endpoint.receive !== undefined,
    )
  }

  /** Names of all channels that are open in any context, sorted; one that is open twice counts once. */
  names(): readonly string[] {
    return [...this.#endpoints.keys()].toSorted()
  }
}

/** In order from this channel object to each receiver; in no order between receivers or channels. */
export function openChannel<Message>(
  context: SimulatedContext,
  name: string,
  onMessage: ((message: Message) => void) | undefined,
): Channel<Message> {
  const { world } = context
  const outbox = new Outbox(context)
  const streams = new Map<Endpoint, Stream>()
  let open = context.alive
  const endpoint: Endpoint = {
    context,
    open: () => open,
    receive: onMessage === undefined ? undefined : (message) => onMessage(message as Message),
  }
  const close = () => {
    open = false
    world.channels.remove(name, endpoint)
  }
  const streamTo = (receiver: Endpoint) => {
    const known = streams.get(receiver)
    if (known !== undefined) return known
    const stream = new Stream(world)
    streams.set(receiver, stream)
    return stream
  }
  if (open) {
    world.channels.add(name, endpoint)
    context.onDeath(close)
  }

  return {
    post(message) {
      if (!context.alive) return
      if (!open) throw new DOMException(`channel ${name} is closed`, 'InvalidStateError')
      const dispatch = outbox.dispatch()
      for (const receiver of streams.keys()) if (!receiver.open()) streams.delete(receiver)
      const receivers = world.channels.listeners(name, endpoint)
      // As the browser does, which finds out what cannot be cloned before it looks who listens.
      if (receivers.length === 0) cloneMessage(message)
      const what = `${name} ${messageLabel(message)} from ${context.name}`
      for (const receiver of receivers) {
        // Cloned here, for later changes not to leak.
        const sent = cloneMessage(message)
        streamTo(receiver).add({
          due: context.now + context.prng.delay(world.options.latency),
          context: receiver.context,
          what,
          missable: true,
          valid: () => receiver.open() && dispatch.survives(),
          run: () => {
            dispatch.arrived()
            receiver.receive?.(sent)
          },
        })
      }
    },
    close,
  }
}
