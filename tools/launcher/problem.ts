/** Something the user has to change: printed as one sentence without a stack, exit code 1. */
export class Problem extends Error {
  override readonly name = 'Problem';
}
