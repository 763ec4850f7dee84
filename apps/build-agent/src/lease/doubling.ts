/** Waits for something that may be busy: each time it is asked it answers twice as much, from `first` up to `most`, ms. */
export function doubling({ first, most }: { readonly first: number; readonly most: number }): () => number {
  let next = first;
  return () => {
    const ms = next;
    next = Math.min(2 * ms, most);
    return ms;
  };
}
