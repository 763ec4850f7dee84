import { SPANS, timed, traced, type SpanAttributes } from '@slipway/platform';

/** Measures one phase of an attempt, however it ends. */
export const inPhase = <T>(
  phase: 'cloning' | 'building' | 'pushing',
  attributes: SpanAttributes,
  work: () => Promise<T>,
): Promise<T> =>
  traced(SPANS[phase], { attributes }, () => timed('slipway_build_phase_duration_seconds', work, { phase }));
