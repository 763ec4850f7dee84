import { z } from 'zod';

/** What a member may do; each role includes the ones before. */
export const Role = z
  .enum(['reader', 'builder', 'admin'])
  .describe(
    'A reader sees what is private, a builder also asks for builds and ends them, an admin also changes repositories, hooks and members.',
  );
export type Role = z.infer<typeof Role>;
