import { Kysely, PostgresDialect, type Dialect } from 'kysely';
import pg from 'pg';
import type { ActiveRow } from '../active/active-records.js';
import type { BuildCountRow, BuildRow } from '../build/table.js';
import type { DeliveryRow } from '../delivery/table.js';
import type { HookDeliveryRow } from '../hook-delivery/table.js';
import type { HookRow } from '../hook/table.js';
import type { LogChunkRow, LogRow } from '../log/table.js';
import type { MemberRow, NamespaceRow } from '../namespace/table.js';
import type { RobotRow } from '../robot/table.js';
import type { RepositoryRow } from '../repository/table.js';
import type { PublicTagRow } from '../tag/table.js';
import type { UserRow, UserTokenRow } from '../user/table.js';
import type { RegistryRow } from '../views/registry.js';
import { nodeSqliteDialect } from './node-sqlite.dialect.js';
import type { Engine, Stored } from './table.js';

/** The live tables. Values are as stored: `decodeRow` makes rows of them. */
export interface Schema {
  readonly build: Stored<BuildRow>;
  readonly build_count: Stored<BuildCountRow>;
  readonly repository: Stored<RepositoryRow>;
  readonly public_tag: Stored<PublicTagRow>;
  readonly hook: Stored<HookRow>;
  readonly delivery: Stored<DeliveryRow>;
  readonly hook_delivery: Stored<HookDeliveryRow>;
  readonly namespace: Stored<NamespaceRow>;
  readonly namespace_member: Stored<MemberRow>;
  readonly robot: Stored<RobotRow>;
  readonly log: Stored<LogRow>;
  readonly log_chunk: Stored<LogChunkRow>;
  readonly user_account: Stored<UserRow>;
  readonly user_token: Stored<UserTokenRow>;
  readonly read_model_view: RegistryRow;
  readonly read_model_active: ActiveRow;
}

/** A database, or one transaction of it. */
export interface Session {
  readonly engine: Engine;
  readonly db: Kysely<Schema>;
}

export interface Database extends Session {
  /** Commits when `work` resolves, rolls back when it throws. */
  readonly transaction: <T>(work: (session: Session) => Promise<T>) => Promise<T>;
  readonly close: () => Promise<void>;
}

export interface DatabaseOptions {
  /** Refuses to write, and bounds every query. Default: false. */
  readonly readOnly?: boolean;
}

/**
 * `sqlite:<path>` or `postgres://…`. Opens on first use: neither a file nor a server has to be there yet.
 * @throws when the URL is neither
 */
export function openDatabase(url: string, { readOnly = false }: DatabaseOptions = {}): Database {
  const { engine, dialect } = dialectOf(url, readOnly);
  const db = new Kysely<Schema>({ dialect });
  return {
    engine,
    db,
    transaction: (work) => db.transaction().execute((transaction) => work({ engine, db: transaction })),
    close: () => db.destroy(),
  };
}

function dialectOf(url: string, readOnly: boolean): { readonly engine: Engine; readonly dialect: Dialect } {
  if (url.startsWith('sqlite:'))
    return { engine: 'sqlite', dialect: nodeSqliteDialect(url.slice('sqlite:'.length), { readOnly }) };
  if (/^postgres(?:ql)?:\/\//.test(url))
    return { engine: 'postgres', dialect: new PostgresDialect({ pool: postgresPool(url, readOnly) }) };
  throw new Error('DATABASE_URL must be sqlite:<path> or postgres://…');
}

const CONNECT_TIMEOUT_MS = 5_000;
/** A reader would rather answer 503 than hang. */
const READ_TIMEOUT_MS = 10_000;
/** A writer that is paused within a transaction holds locks: then the server ends it, before anybody takes over. */
const IDLE_IN_TRANSACTION_MS = 8_000;
const INT8_OID = 20;

function postgresPool(url: string, readOnly: boolean): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: readOnly ? 10 : 4,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    types: {
      // bigint holds positions and sizes, and a number holds those.
      getTypeParser: (oid: number, format?: 'text' | 'binary') =>
        oid === INT8_OID ? Number : pg.types.getTypeParser(oid, format as 'text'),
    },
    ...(readOnly
      ? { statement_timeout: READ_TIMEOUT_MS, options: '-c default_transaction_read_only=on' }
      : { idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS }),
  });
  // A connection that breaks is replaced on the next query; unhandled it would end the process, idle or within a transaction.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}
