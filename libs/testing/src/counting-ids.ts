/** UUIDs that tell their order: …000001, …000002. `series` (0 to 65535) keeps two sources in one test apart. */
export function countingIds(series = 0): () => string {
  let count = 0;
  const group = series.toString(16).padStart(4, '0');
  return () => `00000000-${group}-4000-8000-${(++count).toString(16).padStart(12, '0')}`;
}
