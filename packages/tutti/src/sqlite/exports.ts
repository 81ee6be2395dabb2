/** An address in the wasm heap; 0 is NULL. */
export type Pointer = number

/**
 * The wasm exports that Tutti calls directly: the library's own wrappers convert each argument, which
 * costs more than the call on the paths that run once a row.
 */
export interface SqliteExports {
  malloc(size: number): Pointer
  free(pointer: Pointer): void
  sqlite3_malloc(size: number): Pointer
  sqlite3_free(pointer: Pointer): void
  sqlite3_open_v2(name: Pointer, out: Pointer, flags: number, vfs: Pointer): number
  sqlite3_close_v2(db: Pointer): number
  sqlite3_extended_result_codes(db: Pointer, on: number): number
  sqlite3__wasm_db_config_ip(db: Pointer, option: number, value: number, out: Pointer): number
  sqlite3_errmsg(db: Pointer): Pointer
  sqlite3_errstr(code: number): Pointer
  sqlite3_extended_errcode(db: Pointer): number
  sqlite3_error_offset(db: Pointer): number
  sqlite3_libversion(): Pointer
  sqlite3_prepare_v3(
    db: Pointer,
    sql: Pointer,
    bytes: number,
    flags: number,
    out: Pointer,
    tail: Pointer,
  ): number
  sqlite3_step(statement: Pointer): number
  sqlite3_reset(statement: Pointer): number
  sqlite3_finalize(statement: Pointer): number
  sqlite3_clear_bindings(statement: Pointer): number
  sqlite3_stmt_readonly(statement: Pointer): number
  sqlite3_stmt_isexplain(statement: Pointer): number
  sqlite3_next_stmt(db: Pointer, after: Pointer): Pointer
  sqlite3_column_count(statement: Pointer): number
  sqlite3_data_count(statement: Pointer): number
  sqlite3_column_name(statement: Pointer, i: number): Pointer
  sqlite3_column_type(statement: Pointer, i: number): number
  sqlite3_column_double(statement: Pointer, i: number): number
  sqlite3_column_int64(statement: Pointer, i: number): bigint
  sqlite3_column_text(statement: Pointer, i: number): Pointer
  sqlite3_column_blob(statement: Pointer, i: number): Pointer
  sqlite3_column_bytes(statement: Pointer, i: number): number
  sqlite3_bind_parameter_count(statement: Pointer): number
  sqlite3_bind_parameter_name(statement: Pointer, i: number): Pointer
  sqlite3_bind_null(statement: Pointer, i: number): number
  sqlite3_bind_int(statement: Pointer, i: number, value: number): number
  sqlite3_bind_int64(statement: Pointer, i: number, value: bigint): number
  sqlite3_bind_double(statement: Pointer, i: number, value: number): number
  sqlite3_bind_text(statement: Pointer, i: number, text: Pointer, bytes: number, destroy: number): number
  sqlite3_bind_blob(statement: Pointer, i: number, blob: Pointer, bytes: number, destroy: number): number
  sqlite3_bind_zeroblob(statement: Pointer, i: number, bytes: number): number
  sqlite3_changes64(db: Pointer): bigint
  sqlite3_total_changes64(db: Pointer): bigint
  sqlite3_last_insert_rowid(db: Pointer): bigint
  sqlite3_set_last_insert_rowid(db: Pointer, rowid: bigint): void
  sqlite3_get_autocommit(db: Pointer): number
  sqlite3_interrupt(db: Pointer): void
  sqlite3_set_authorizer(db: Pointer, callback: Pointer, context: Pointer): number
  sqlite3_progress_handler(db: Pointer, operations: number, callback: Pointer, context: Pointer): void
  sqlite3_preupdate_hook(db: Pointer, callback: Pointer, context: Pointer): Pointer
  sqlite3_preupdate_count(db: Pointer): number
  sqlite3_preupdate_old(db: Pointer, column: number, out: Pointer): number
  sqlite3_preupdate_new(db: Pointer, column: number, out: Pointer): number
  sqlite3_create_function_v2(
    db: Pointer,
    name: Pointer,
    args: number,
    flags: number,
    data: Pointer,
    call: Pointer,
    step: Pointer,
    final: Pointer,
    destroy: Pointer,
  ): number
  sqlite3_create_window_function(
    db: Pointer,
    name: Pointer,
    args: number,
    flags: number,
    data: Pointer,
    step: Pointer,
    final: Pointer,
    value: Pointer,
    inverse: Pointer,
    destroy: Pointer,
  ): number
  sqlite3_create_collation_v2(
    db: Pointer,
    name: Pointer,
    encoding: number,
    data: Pointer,
    compare: Pointer,
    destroy: Pointer,
  ): number
  sqlite3_user_data(context: Pointer): Pointer
  sqlite3_aggregate_context(context: Pointer, bytes: number): Pointer
  sqlite3_result_null(context: Pointer): void
  sqlite3_result_int(context: Pointer, value: number): void
  sqlite3_result_int64(context: Pointer, value: bigint): void
  sqlite3_result_double(context: Pointer, value: number): void
  sqlite3_result_text(context: Pointer, text: Pointer, bytes: number, destroy: number): void
  sqlite3_result_blob(context: Pointer, blob: Pointer, bytes: number, destroy: number): void
  sqlite3_result_zeroblob(context: Pointer, bytes: number): void
  sqlite3_result_error(context: Pointer, message: Pointer, bytes: number): void
  sqlite3_value_type(value: Pointer): number
  sqlite3_value_double(value: Pointer): number
  sqlite3_value_int64(value: Pointer): bigint
  sqlite3_value_text(value: Pointer): Pointer
  sqlite3_value_blob(value: Pointer): Pointer
  sqlite3_value_bytes(value: Pointer): number
  sqlite3_backup_init(to: Pointer, toName: Pointer, from: Pointer, fromName: Pointer): Pointer
  sqlite3_backup_step(backup: Pointer, pages: number): number
  sqlite3_backup_finish(backup: Pointer): number
}
