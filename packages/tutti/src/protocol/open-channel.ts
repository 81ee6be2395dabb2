import type { Channel, Channels } from '../platform/platform.ts'
import type { Schema } from './schema.ts'

/** A channel to be heard, and what on it is understood. */
export interface Hearing<Message> {
  readonly name: string
  readonly schema: Schema<Message>
  readonly hear: (message: Message) => void
  /** Something else came: of a tab whose build differs, or of nobody that Tutti knows. It is dropped here. */
  readonly onUnreadable: (value: unknown) => void
}

/** Opens a channel on which other builds may speak: nothing passes that its schema refuses. */
export function openChannel<Message>(
  channels: Channels,
  { name, schema, hear, onUnreadable }: Hearing<Message>,
): Channel<Message> {
  return channels.open<Message>(name, (value: unknown) =>
    schema.accepts(value) ? hear(value) : onUnreadable(value),
  )
}
