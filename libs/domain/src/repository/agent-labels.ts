import type { AgentLabels } from '@slipway/contracts';

type Asked = AgentLabels | undefined;

/** As an event says it: nothing where nothing is asked for. */
export const askedLabels = (labels: Asked): { readonly agentLabels?: AgentLabels } =>
  labels === undefined || Object.keys(labels).length === 0 ? {} : { agentLabels: labels };

/** Whatever the order. */
export function sameLabels(left: Asked = {}, right: Asked = {}): boolean {
  const names = Object.keys(left);
  return names.length === Object.keys(right).length && names.every((name) => left[name] === right[name]);
}
