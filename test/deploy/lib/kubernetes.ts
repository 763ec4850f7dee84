import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { readDoc } from '../../docs/markdown.js';
import { envFile, type Env } from './compose.js';

interface Port {
  readonly name: string;
  readonly containerPort: number;
}

interface ProbeTarget {
  readonly path: string;
  readonly port: string;
}

/** What runs one of our services: its own container, not those beside it. */
export interface Workload {
  readonly name: string;
  readonly args: readonly string[];
  readonly env: Env;
  readonly ports: readonly Port[];
  readonly probes: Readonly<Record<'startup' | 'liveness' | 'readiness', ProbeTarget>>;
}

type Reference = { readonly name: string; readonly key: string };
interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: {
    readonly secretKeyRef?: Reference;
    readonly configMapKeyRef?: Reference;
    readonly fieldRef?: { readonly fieldPath: string };
  };
}

interface Container {
  readonly args: readonly string[];
  readonly env: readonly Variable[];
  readonly ports: readonly Port[];
  readonly startupProbe: { readonly httpGet: ProbeTarget };
  readonly livenessProbe: { readonly httpGet: ProbeTarget };
  readonly readinessProbe: { readonly httpGet: ProbeTarget };
}

interface Item {
  readonly key: string;
}

interface PodSpec {
  readonly containers: readonly Container[];
  readonly volumes?: readonly { readonly secret?: { readonly items: readonly Item[] } }[];
}

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: { readonly template: { readonly spec: PodSpec } };
}

const KINDS = ['Deployment', 'StatefulSet'];

export const workloads = (folder: string): readonly Workload[] => {
  const secret = secretOf(folder);
  const config = envFile(join(folder, 'config.env'));
  return manifestsOf(folder).flatMap(({ metadata, spec }) =>
    spec.template.spec.containers.map((container) => ({
      name: metadata.name,
      args: container.args,
      ports: container.ports,
      env: Object.fromEntries(container.env.map((variable) => [variable.name, valueOf(variable, { secret, config })])),
      probes: {
        startup: container.startupProbe.httpGet,
        liveness: container.livenessProbe.httpGet,
        readiness: container.readinessProbe.httpGet,
      },
    })),
  );
};

/** What the files of settings hold, and what the manifests take out of them. */
export function configurationOf(folder: string): {
  readonly resources: readonly string[];
  readonly settings: Env;
  readonly used: ReadonlySet<string>;
} {
  const variables = manifestsOf(folder).flatMap(({ spec }) =>
    spec.template.spec.containers.flatMap(({ env }) =>
      env.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef?.key ?? valueFrom?.configMapKeyRef?.key ?? []),
    ),
  );
  const files = manifestsOf(folder).flatMap(({ spec }) =>
    (spec.template.spec.volumes ?? []).flatMap(({ secret }) => (secret?.items ?? []).map(({ key }) => key)),
  );
  return {
    resources: kustomization(folder).resources,
    settings: { ...envFile(join(folder, 'config.env')), ...envFile(join(folder, 'example.env')) },
    used: new Set([...variables, ...files]),
  };
}

const kustomization = (folder: string): { readonly resources: readonly string[] } =>
  parse(readDoc(join(folder, 'kustomization.yaml'))) as { resources: readonly string[] };

const manifestsOf = (folder: string): readonly Manifest[] =>
  kustomization(folder)
    .resources.flatMap((file) => parseAllDocuments(readDoc(join(folder, file))))
    .map((document) => document.toJS() as Manifest)
    .filter(({ kind }) => KINDS.includes(kind));

/** The example with good values for what everybody has to make. */
const secretOf = (folder: string): Env => ({
  ...envFile(join(folder, 'example.env')),
  SLIPWAY_SECRET_KEY: Buffer.alloc(32).toString('base64'),
});

/** @throws when a reference names nothing: the pod would not start */
function valueOf({ name, value, valueFrom }: Variable, from: { readonly secret: Env; readonly config: Env }): string {
  if (value !== undefined) return value;
  if (valueFrom?.fieldRef) return 'build-agent-0';
  const { secretKeyRef, configMapKeyRef } = valueFrom ?? {};
  const found = secretKeyRef ? from.secret[secretKeyRef.key] : from.config[configMapKeyRef?.key ?? ''];
  if (found === undefined) throw new Error(`${name} comes from a key that no file of settings has`);
  return found;
}
