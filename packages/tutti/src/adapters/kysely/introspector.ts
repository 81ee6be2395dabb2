import { type DatabaseMetadataOptions, SqliteIntrospector, type TableMetadata } from 'kysely'

/** SQLite's introspection without Tutti's own tables, whose names begin with `tutti_`. */
export class TuttiIntrospector extends SqliteIntrospector {
  override async getTables(options?: DatabaseMetadataOptions): Promise<TableMetadata[]> {
    const tables = await super.getTables(options)
    return tables.filter(({ name }) => !/^tutti_/i.test(name))
  }
}
