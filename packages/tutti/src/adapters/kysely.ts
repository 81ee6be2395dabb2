export { TuttiDialect, type TuttiDialectOptions } from './kysely/dialect.ts'
export { live } from './kysely/live.ts'
