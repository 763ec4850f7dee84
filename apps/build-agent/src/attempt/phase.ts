import { timed } from '@slipway/platform';

/** Measures one phase of an attempt, however it ends. */
export const inPhase = <T>(phase: 'cloning' | 'building' | 'pushing', work: () => Promise<T>): Promise<T> =>
  timed('slipway_build_phase_duration_seconds', work, { phase });
