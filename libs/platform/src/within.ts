/**
 * What a promise comes to, unless that takes too long. Whatever it does later is not heard of: only for work that may
 * go on by itself, or that is never repeated.
 * @throws Error when it takes longer than `limitMs`; what `work` throws
 */
export async function within<T>(work: Promise<T>, limitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
