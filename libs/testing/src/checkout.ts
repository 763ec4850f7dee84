import { fileURLToPath } from 'node:url';

/** A path in this checkout. */
export const inCheckout = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
