/** The real ones, also in a test that fakes them. */
const { setTimeout, clearTimeout } = globalThis;

/** The same function, whose promise is rejected when it has not settled after so many ms; what it began is left to itself. */
export function limited<T>(work: () => T | Promise<T>, limitMs: number): () => Promise<T> {
  return async () => {
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`hangs: not settled after ${limitMs} ms`)), limitMs);
    });
    try {
      return await Promise.race([work(), tooLong]);
    } finally {
      clearTimeout(timer);
    }
  };
}
