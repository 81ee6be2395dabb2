import { count, flag, type Infer, object, oneOf, optional, text } from '../schema.ts'

/** What a member tells of its tab. */
export type MemberInfo = Infer<typeof memberInfoSchema>

export const memberInfoSchema = object({
  member: text,
  visible: flag,
  url: text,
  title: text,
  build: text,
  /** How many migrations this tab's build knows. */
  schema: count,
  replica: oneOf('ready', 'building', 'none'),
  /** Writes although the database's schema is ahead of this build's (R30). */
  writeWhenAhead: flag,
  /** Takes several messages in one post, as {@link ToMemberPost}, and packed results. Members before 0.2 do not. */
  bundles: optional(oneOf(true)),
})
