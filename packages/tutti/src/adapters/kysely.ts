export { TuttiDialect, type TuttiDialectOptions } from './kysely/dialect.ts'
