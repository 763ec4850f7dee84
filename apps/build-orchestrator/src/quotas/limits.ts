import type { NamespaceQuota } from '@slipway/contracts';

/** Of one namespace. `Infinity`: as many as they like. */
export interface QuotaLimits {
  readonly queuedBuilds: number;
  readonly runningBuilds: number;
  /** In a calendar month. */
  readonly buildMinutes: number;
  readonly logBytes: number;
}

/** What the environment says, and what administrators of the system have set for single namespaces. */
export class Limits {
  readonly #granted = new Map<string, NamespaceQuota>();

  constructor(private readonly defaults: QuotaLimits) {}

  of(namespace: string): QuotaLimits {
    const granted = this.#granted.get(namespace);
    if (!granted) return this.defaults;
    return {
      queuedBuilds: granted.queuedBuilds ?? this.defaults.queuedBuilds,
      runningBuilds: granted.runningBuilds ?? this.defaults.runningBuilds,
      buildMinutes: granted.buildMinutes ?? this.defaults.buildMinutes,
      logBytes: granted.logBytes ?? this.defaults.logBytes,
    };
  }

  isOverridden(namespace: string, limit: keyof NamespaceQuota): boolean {
    return (this.#granted.get(namespace)?.[limit] ?? null) !== null;
  }

  set(namespace: string, quota: NamespaceQuota): void {
    if (Object.values(quota).every((limit) => limit === null)) this.#granted.delete(namespace);
    else this.#granted.set(namespace, quota);
  }

  /** Of every namespace that has any. */
  granted(): Readonly<Record<string, NamespaceQuota>> {
    return Object.fromEntries(this.#granted);
  }
}
