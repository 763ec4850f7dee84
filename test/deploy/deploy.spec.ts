import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { NATS_MINIMUM } from '../../tools/launcher/setup/programs.js';
import { readDoc, ROOT, tableUnder } from '../docs/markdown.js';
import { READ } from '../docs/service-configs.js';
import { composeServices, composeVariables, envFile, REQUIRED, type Env } from './lib/compose.js';
import { configurationOf, workloads } from './lib/kubernetes.js';

/** The tables of the settings, which another test compares with the schemas. */
const variablesOf = (service: string): readonly string[] =>
  ['## Every service', `## ${service}`]
    .flatMap((heading) => tableUnder(readDoc('docs/SETTINGS.md'), heading))
    .map(({ variable = '' }) => variable);

const APPS = readdirSync(join(ROOT, 'apps')).sort();
const compose = composeServices('deploy/compose.yaml');
const ours = compose.filter(({ app = '' }) => APPS.includes(app));
const pods = workloads('deploy/kubernetes');
/** Those that know the variable, and do not have it. */
const lacking = (
  variable: string,
  services: readonly { readonly name: string; readonly app: string; readonly env: Env }[],
) =>
  services.filter(({ app, env }) => variablesOf(app).includes(variable) && !(variable in env)).map(({ name }) => name);
const portOf = (app: string, env: Env): string | undefined => (app === 'gateway' ? env['PORT'] : env['HEALTH_PORT']);

describe('the image', () => {
  it('has a name of a service as its argument, and asks /healthz', () => {
    const dockerfile = readDoc('deploy/Dockerfile');
    expect(dockerfile).toMatch(/^HEALTHCHECK .*"\/healthz"\]$/m);
    expect(dockerfile).toMatch(/^ENTRYPOINT .*"slipway"\]$/m);
    expect(dockerfile).toMatch(/^USER 10001:10001$/m);
  });

  it('gives agents the flags of Node that `npm start` gives them', () => {
    const flagsIn = (file: string) => [...readDoc(file).matchAll(/--[a-z-]+=\d+/g)].map(([flag]) => flag).sort();
    const flags = flagsIn('tools/launcher/system/services.ts');
    expect(flags).not.toEqual([]);
    expect(flagsIn('deploy/bin/slipway')).toEqual(flags);
  });
});

describe('compose.yaml', () => {
  it('runs every service, and orchestrators and agents twice', () => {
    const twice = ['build-agent', 'build-orchestrator'];
    expect(ours.map(({ app = '' }) => app).sort()).toEqual([...APPS, ...twice].sort());
  });

  it.each(ours)('$name knows every variable that is set, and accepts the values', ({ app = '', env }) => {
    expect(Object.keys(env).filter((name) => !variablesOf(app).includes(name))).toEqual([]);
    expect(() => READ[app]?.(env)).not.toThrow();
  });

  /** Of one notifier, that of the views is not asked which one works. */
  it.each(composeVariables('deploy/compose.yaml').filter((name) => name !== 'DATABASE_URL'))(
    'gives %s to every service that knows it',
    (variable) => {
      const services = ours.map(({ app = '', ...rest }) => ({ app, ...rest }));
      expect(lacking(variable, services)).toEqual([]);
    },
  );

  it.each(ours)('$name is asked whether it is ready, on a port of its own', ({ name, app = '', env, healthcheck }) => {
    expect(healthcheck.test).toEqual(['CMD', 'healthcheck', '/readyz']);
    const port = portOf(app, env);
    expect(port).toMatch(/^\d+$/);
    const others = compose.filter((other) => other.name !== name).flatMap((other) => Object.values(other.env));
    expect(others).not.toContain(port);
  });

  it.each(compose)('$name waits only for what is there and has a healthcheck', ({ dependsOn }) => {
    for (const [name, { condition }] of Object.entries(dependsOn)) {
      expect(condition).toBe('service_healthy');
      expect(compose.find((other) => other.name === name)?.healthcheck.test).toBeDefined();
    }
  });

  it('gives the secret key to the two services that need it', () =>
    expect(compose.filter(({ env }) => 'SLIPWAY_SECRET_KEY' in env).map(({ name }) => name)).toEqual([
      'notifier',
      'repository',
    ]));

  describe('the registry', () => {
    const named = (name: string) => compose.find((one) => one.name === name);

    it('has no port, and shares its socket with the gate alone', () => {
      const { env, ports, volumes } = named('registry') ?? {};
      expect([env?.['REGISTRY_HTTP_NET'], ports]).toEqual(['unix', []]);
      const folder = dirname(env?.['REGISTRY_HTTP_ADDR'] ?? '');
      const shared = volumes?.filter((volume) => volume.endsWith(`:${folder}`));
      expect(shared).toHaveLength(1);
      const those = compose.filter((one) => one.volumes.some((volume) => shared?.includes(volume)));
      expect(those.map(({ name }) => name)).toEqual(['registry', 'registry-gate']);
      expect(named('registry-gate')?.env['GATE_REGISTRY']).toBe(`unix:${env?.['REGISTRY_HTTP_ADDR']}`);
    });

    it('is reached through the gate, with its login, by whoever knows a registry', () => {
      const { GATE_LISTEN, GATE_LOGIN } = named('registry-gate')?.env ?? {};
      const users = ours.filter(({ app = '' }) => variablesOf(app).includes('REGISTRY_URL'));
      expect(users.map(({ app }) => app)).toEqual(expect.arrayContaining(['build-agent', 'build-orchestrator']));
      for (const { name, env } of users)
        expect([name, env['REGISTRY_URL']]).toEqual([name, `http://${GATE_LOGIN}@${GATE_LISTEN}`]);
    });

    it('is awaited by agents, at its gate', () => {
      const agents = ours.filter(({ app }) => app === 'build-agent');
      expect(agents.map(({ dependsOn }) => Object.keys(dependsOn).includes('registry-gate'))).toEqual([true, true]);
      expect(named('registry-gate')?.healthcheck.test).toEqual(['CMD', 'healthcheck', '/readyz']);
      const { HEALTH_PORT, GATE_LISTEN = '' } = named('registry-gate')?.env ?? {};
      expect(GATE_LISTEN.split(':').at(-1)).toBe(HEALTH_PORT);
    });

    it('has a gate that the image brings, with every variable that it reads', () => {
      const { app, env } = named('registry-gate') ?? {};
      expect(readDoc('deploy/Dockerfile')).toContain(`deploy/registry/gate.mjs /app/build/${app}.mjs`);
      const read = [...readDoc('deploy/registry/gate.mjs').matchAll(/\bGATE_[A-Z]+\b/g)].map(([name]) => name);
      const set = Object.keys(env ?? {}).filter((name) => name.startsWith('GATE_'));
      expect(set.sort()).toEqual([...new Set(read)].sort());
    });

    it('has a gate that asks the gateway what is public', () => {
      const { HOST, PORT } = named('gateway')?.env ?? {};
      expect(named('registry-gate')?.env['GATE_API']).toBe(`http://${HOST}:${PORT}`);
    });

    it('may be another one', () => {
      const env = { ...REQUIRED, REGISTRY_URL: 'https://slipway:secret@registry.example' };
      const urls = composeServices('deploy/compose.yaml', env).flatMap((one) => one.env['REGISTRY_URL'] ?? []);
      expect(new Set(urls)).toEqual(new Set(['https://slipway:secret@registry.example']));
    });
  });

  it.each(Object.keys(REQUIRED))('is refused without %s, which has no default', (name) => {
    const { [name]: _, ...others } = REQUIRED;
    expect(() => composeServices('deploy/compose.yaml', others)).toThrow(name);
  });

  it('starts a nats-server that is new enough', () => {
    const [, major, minor] = /:(\d+)\.(\d+)/.exec(compose.find(({ name }) => name === 'nats')?.image ?? '') ?? [];
    const [wantedMajor = 0, wantedMinor = 0] = NATS_MINIMUM.split('.').map(Number);
    expect(Number(major) * 1_000 + Number(minor)).toBeGreaterThan(wantedMajor * 1_000 + wantedMinor);
  });

  it('reads the variables that example.env names, and no other', () => {
    const named = [...readDoc('deploy/example.env').matchAll(/^#?([A-Z_]+)=/gm)].map(([, name = '']) => name);
    const forCompose = 'COMPOSE_PROFILES';
    expect([...composeVariables('deploy/compose.yaml'), forCompose].sort()).toEqual(named.sort());
  });
});

describe('the manifests', () => {
  it('run every service but the event store, which is for one machine', () =>
    expect(pods.map(({ name }) => name).sort()).toEqual(APPS.filter((app) => app !== 'event-store')));

  it('are all named in kustomization.yaml', () => {
    const files = readdirSync(join(ROOT, 'deploy/kubernetes')).filter((name) => name.endsWith('.yaml'));
    expect(['kustomization.yaml', ...configurationOf('deploy/kubernetes').resources].sort()).toEqual(files.sort());
  });

  it.each(pods)('$name knows every variable that is set, and accepts the values', ({ name, args, env }) => {
    expect(args).toEqual([name]);
    expect(Object.keys(env).filter((variable) => !variablesOf(name).includes(variable))).toEqual([]);
    expect(() => READ[name]?.(env)).not.toThrow();
  });

  it.each(pods)('$name is probed where it answers', ({ name, env, ports, probes }) => {
    const [port] = ports;
    expect(String(port?.containerPort)).toBe(portOf(name, env));
    expect(env[name === 'gateway' ? 'HOST' : 'HEALTH_HOST']).toBe('0.0.0.0');
    const at = (path: string) => ({ path, port: port?.name });
    expect(probes).toEqual({ startup: at('/healthz'), liveness: at('/healthz'), readiness: at('/readyz') });
  });

  it.each(Object.keys(configurationOf('deploy/kubernetes').settings))(
    'give %s to every service that knows it',
    (variable) => {
      expect(
        lacking(
          variable,
          pods.map(({ name, env }) => ({ name, app: name, env })),
        ),
      ).toEqual([]);
    },
  );

  it('set nothing that no service reads', () => {
    const { settings, used } = configurationOf('deploy/kubernetes');
    expect(Object.keys(settings).sort()).toEqual([...used].sort());
  });
});

describe('the examples', () => {
  it.each([
    ['deploy/example.env', ['SLIPWAY_SECRET_KEY', 'REGISTRY_PASSWORD']],
    ['deploy/kubernetes/example.env', ['SLIPWAY_SECRET_KEY']],
  ])('%s holds no secret', (file, secrets) => {
    expect(secrets.map((name) => envFile(file)[name])).toEqual(secrets.map(() => ''));
  });
});
