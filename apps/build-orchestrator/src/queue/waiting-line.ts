/** A build that waits, and where it belongs among those of its namespace. */
export interface Waiting {
  readonly buildId: string;
  /** 9 first, 0 last. */
  readonly priority: number;
  /** Of its request: the older goes first. */
  readonly position: number;
}

/** What one namespace has waiting, in order. Every step costs the logarithm of the builds in it. */
export class WaitingLine<Build extends Waiting> {
  readonly #levels = new Map<number, Level<Build>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The one whose turn it is. */
  get first(): Build | undefined {
    return this.#highestFirst()
      .find(([, level]) => level.size > 0)?.[1]
      .at(0);
  }

  add(build: Build): void {
    const level = this.#levels.get(build.priority) ?? new Level<Build>();
    this.#levels.set(build.priority, level);
    if (level.insert(build)) this.#size++;
  }

  remove(build: Build): void {
    if (this.#levels.get(build.priority)?.remove(build)) this.#size--;
  }

  /** How many go before a build that is in it. */
  before({ priority, position }: Build): number {
    return this.#highestFirst().reduce((count, [other, level]) => {
      if (other < priority) return count;
      return count + (other > priority ? level.size : level.placeOf(position));
    }, 0);
  }

  #highestFirst(): readonly (readonly [number, Level<Build>])[] {
    return [...this.#levels].sort(([left], [right]) => right - left);
  }
}

/** Sorted by position. Nearly always one is added at the end and taken from the front. */
class Level<Build extends Waiting> {
  #builds: Build[] = [];
  /** Those before it are gone. */
  #from = 0;

  get size(): number {
    return this.#builds.length - this.#from;
  }

  at(place: number): Build | undefined {
    return this.#builds[this.#from + place];
  }

  /** False: it is there already. */
  insert(build: Build): boolean {
    const place = this.placeOf(build.position);
    if (this.at(place)?.position === build.position) return false;
    this.#builds.splice(this.#from + place, 0, build);
    return true;
  }

  remove({ position }: Build): boolean {
    const place = this.placeOf(position);
    if (this.at(place)?.position !== position) return false;
    if (place > 0) this.#builds.splice(this.#from + place, 1);
    else this.#from++;
    if (this.#from * 2 > this.#builds.length) this.#forgetGone();
    return true;
  }

  /** How many stand before this position. */
  placeOf(position: number): number {
    let [low, high] = [0, this.size];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.at(middle)?.position ?? Infinity) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #forgetGone(): void {
    this.#builds = this.#builds.slice(this.#from);
    this.#from = 0;
  }
}
