/** A real server for tests, on loopback and a free port, with its files in a temporary directory. */
export interface TestServer {
  readonly url: string;
  /** Changes with every restart. */
  readonly pid: number;
  /** Graceful, and its files are removed. May be called twice. */
  readonly stop: () => Promise<void>;
  /** SIGKILL; `restart` brings it back with the same files. */
  readonly kill: () => Promise<void>;
  /** On the same port with the same files; stops it gracefully when it still runs. */
  readonly restart: () => Promise<void>;
}
