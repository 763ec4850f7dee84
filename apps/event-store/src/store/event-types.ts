import type { DatabaseSync } from 'node:sqlite';
import { BoundedCache } from './bounded-cache.js';

const CACHED_TYPES = 10_000;

/** The table `event_type`: an event stores the number of its type. */
export class EventTypes {
  readonly #ids = new BoundedCache<string, number>(CACHED_TYPES);
  readonly #names = new BoundedCache<number, string>(CACHED_TYPES);
  readonly #selectId;
  readonly #selectName;
  readonly #insert;

  constructor(database: DatabaseSync) {
    this.#selectId = database.prepare('SELECT id FROM event_type WHERE name = ?');
    this.#selectName = database.prepare('SELECT name FROM event_type WHERE id = ?');
    this.#insert = database.prepare('INSERT INTO event_type (name) VALUES (?)');
  }

  findOrCreate(name: string): number {
    const cached = this.#ids.get(name);
    if (cached !== undefined) return cached;
    const id = Number(this.#selectId.get(name)?.['id'] ?? this.#insert.run(name).lastInsertRowid);
    this.#ids.set(name, id);
    return id;
  }

  nameOf(id: number): string {
    const cached = this.#names.get(id);
    if (cached !== undefined) return cached;
    const name = this.#selectName.get(id)?.['name'];
    if (typeof name !== 'string') throw new Error(`event type ${id} has no name`);
    this.#names.set(id, name);
    return name;
  }

  /** After a rollback the types in memory may not be in the table. */
  forget(): void {
    this.#ids.clear();
    this.#names.clear();
  }
}
