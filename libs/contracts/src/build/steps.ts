import { z } from 'zod';

/** `step_at` of a build: 1 when created, 50 when ended well, only ever growing in between. docs/ARCHITECTURE.md prints this table. */
export const STEP_AT = {
  queued: 1,
  leased: 5,
  cloning: 10,
  cloned: 15,
  buildingFrom: 20,
  buildingTo: 40,
  pushingFrom: 42,
  pushingTo: 48,
  done: 50,
} as const;

/** Where `done` of `total` Dockerfile steps stand between `buildingFrom` and `buildingTo`. */
export function stepAtOfBuild(done: number, total: number): number {
  if (total <= 0) return STEP_AT.buildingFrom;
  const share = Math.min(Math.max(done / total, 0), 1);
  return STEP_AT.buildingFrom + Math.floor(share * (STEP_AT.buildingTo - STEP_AT.buildingFrom));
}

/** What stands between two values of `step_at`, both included; a row of `GET /v1/build-steps`. */
export const BuildStepView = z.object({ name: z.string(), from: z.int(), to: z.int() });
export type BuildStepView = z.infer<typeof BuildStepView>;
