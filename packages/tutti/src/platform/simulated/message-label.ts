/** What a trace says of a message: its `type`, where it has one. */
export function messageLabel(message: unknown): string {
  if (typeof message === 'object' && message !== null && 'type' in message) return String(message.type)
  return typeof message
}
