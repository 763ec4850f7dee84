import { existsSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CompiledQuery,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
} from 'kysely';

/** How long a write waits for another process that writes, ms. The wait is asynchronous. */
const WRITE_LOCK_LIMIT_MS = 10_000;
/** For everything but the begin of a transaction, ms; in WAL mode only a recovery makes anyone wait this way. */
const BUSY_TIMEOUT_MS = 5_000;
/** Prepared statements kept. Every text a projection uses fits; long `in` lists push each other out. */
const MAX_STATEMENTS = 256;

/**
 * Kysely over `node:sqlite`: one connection, WAL, synchronous FULL. Transactions take the write lock at once: one that
 * reads first and writes later could not continue after another process wrote in between.
 */
export function nodeSqliteDialect(path: string, { readOnly }: { readonly readOnly: boolean }): Dialect {
  return {
    createDriver: () => new NodeSqliteDriver(path, readOnly),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  };
}

class NodeSqliteDriver implements Driver {
  #connection: NodeSqliteConnection | undefined;

  constructor(
    private readonly path: string,
    private readonly readOnly: boolean,
  ) {}

  /** On first use; Kysely comes again after it threw, so the file may be made later. */
  async init(): Promise<void> {
    this.#connection = new NodeSqliteConnection(open(this.path, this.readOnly));
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    if (!this.#connection) throw new Error('the database is closed');
    return this.#connection;
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.readOnly) await connection.executeQuery(CompiledQuery.raw('begin'));
    else await (connection as NodeSqliteConnection).beginImmediate();
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'));
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('rollback'));
  }

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {
    this.#connection?.close();
    this.#connection = undefined;
  }
}

/** A reader opens for writing too, because WAL needs its shared memory file, and then forswears it. */
function open(path: string, readOnly: boolean): DatabaseSync {
  if (readOnly && !existsSync(path)) throw new Error(`no such table: the read model ${path} has not been made yet`);
  const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  db.exec(
    readOnly
      ? 'pragma query_only = 1'
      : 'pragma journal_mode = wal; pragma synchronous = full; pragma cache_size = -32000',
  );
  return db;
}

type StoredRow = Readonly<Record<string, unknown>>;

interface Prepared {
  readonly statement: StatementSync;
  /** A row of a statement that reads, without its values; without columns: of one that writes. */
  readonly empty: StoredRow;
  readonly columns: readonly string[];
}

class NodeSqliteConnection implements DatabaseConnection {
  readonly #prepared = new Map<string, Prepared>();

  constructor(private readonly db: DatabaseSync) {}

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const { statement, columns, empty } = this.#prepare(sql);
    const values = parameters as SQLInputValue[];
    if (columns.length > 0) return { rows: rowsOf<Row>({ columns, empty }, statement.all(...values)) };
    return { rows: [], numAffectedRows: BigInt(statement.run(...values).changes) };
  }

  // oxlint-disable-next-line require-yield -- part of Kysely's interface, used by nobody here
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('streaming is not supported: read in pages');
  }

  /** @throws SQLITE_BUSY when another process keeps the lock for `WRITE_LOCK_LIMIT_MS` */
  async beginImmediate(): Promise<void> {
    const limit = performance.now() + WRITE_LOCK_LIMIT_MS;
    while (!this.#tryBegin(performance.now() >= limit)) await sleep(2 + Math.random() * 10);
  }

  close(): void {
    this.#prepared.clear();
    this.db.close();
  }

  #tryBegin(isLast: boolean): boolean {
    this.db.exec('pragma busy_timeout = 0');
    try {
      this.db.exec('begin immediate');
      return true;
    } catch (error) {
      if (isLast || !isBusy(error)) throw error;
      return false;
    } finally {
      this.db.exec(`pragma busy_timeout = ${BUSY_TIMEOUT_MS}`);
    }
  }

  #prepare(sql: string): Prepared {
    const known = this.#prepared.get(sql);
    if (known) return known;
    const statement = this.db.prepare(sql);
    statement.setReturnArrays(true);
    const columns = statement.columns().map(({ name }) => name);
    const prepared = { statement, columns, empty: Object.fromEntries(columns.map((name) => [name, null])) };
    if (this.#prepared.size >= MAX_STATEMENTS) this.#prepared.delete(this.#prepared.keys().next().value ?? '');
    this.#prepared.set(sql, prepared);
    return prepared;
  }
}

/** The statement's own objects have no fixed shape, which makes each of their properties slow to read; copies have. */
function rowsOf<Row>({ columns, empty }: Omit<Prepared, 'statement'>, stored: readonly unknown[]): Row[] {
  return (stored as readonly (readonly unknown[])[]).map((values) => {
    const row: Record<string, unknown> = { ...empty };
    for (let index = 0; index < columns.length; index++) row[columns[index]!] = values[index];
    return row as Row;
  });
}

const SQLITE_BUSY = 5;
const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === SQLITE_BUSY;
