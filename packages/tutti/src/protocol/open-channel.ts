import type { Channel, Channels } from '../platform/platform.ts'
import type { Schema } from './schema.ts'

/** A channel to be heard, and what on it is understood. */
export interface Hearing<Message> {
  readonly name: string
  readonly schema: Schema<Message>
  readonly hear: (message: Message) => void
  /** Given where a post may be a list of messages: all of one post was heard. */
  readonly heard?: () => void
  /** Something else came: of a tab whose build differs, or of nobody that Tutti knows. It is dropped here. */
  readonly onUnreadable: (value: unknown) => void
}

/** Opens a channel on which other builds may speak: nothing passes that its schema refuses. */
export function openChannel<Message>(
  channels: Channels,
  { name, schema, hear, heard, onUnreadable }: Hearing<Message>,
): Channel<Message> {
  return channels.open<Message>(name, (post: unknown) => {
    const values: readonly unknown[] = isList(post) && heard !== undefined ? post : [post]
    for (const value of values) {
      if (schema.accepts(value)) hear(value)
      else onUnreadable(value)
    }
    heard?.()
  })
}

function isList(post: unknown): post is readonly unknown[] {
  return Array.isArray(post) && post.length > 0
}
