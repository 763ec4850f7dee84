import { AsyncLocalStorage } from 'node:async_hooks';
import { context, ROOT_CONTEXT, type Context, type ContextManager } from '@opentelemetry/api';

/**
 * What is done on behalf of whom, across awaits. Also while nothing is exported: the trace of a caller is then passed on,
 * and kept beside events. That needs no part of the SDK.
 */
const storage = new AsyncLocalStorage<Context>();

export const contextManager: ContextManager = {
  active: () => storage.getStore() ?? ROOT_CONTEXT,
  with: (given, work, self, ...args) => storage.run(given, () => work.apply(self, args)),
  bind: (given, target) =>
    typeof target === 'function'
      ? (((...args: unknown[]) =>
          storage.run(given, () => (target as (...all: unknown[]) => unknown)(...args))) as never)
      : target,
  enable: () => contextManager,
  disable: () => contextManager,
};

context.setGlobalContextManager(contextManager);
