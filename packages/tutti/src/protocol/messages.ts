/** Every message between tabs, with the schema by which it is judged where it arrives. */

export { type Announcement, type ElectionMessage, electionSchema } from './messages/election.ts'
export { type EveryoneMessage, everyoneSchema } from './messages/everyone.ts'
export { type Hello, helloSchema } from './messages/hello.ts'
export type { MemberInfo } from './messages/member-info.ts'
export {
  type AnswerHead,
  answerHeadSchema,
  type PrimaryStatus,
  type ToMember,
  type ToMemberPost,
  toMemberSchema,
} from './messages/to-member.ts'
export {
  type Request,
  type RequestHead,
  requestHeadSchema,
  type ToPrimary,
  toPrimarySchema,
  type Want,
} from './messages/to-primary.ts'
export type { Until } from './messages/until.ts'
