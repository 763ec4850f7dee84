import 'reflect-metadata';
import { documentOf } from '../../apps/gateway/src/api/document.js';
import { routesOf } from '../../apps/gateway/src/api/routes.js';
import { CONTROLLERS } from '../../apps/gateway/src/gateway.js';
import { generateTypes } from './generate.js';

/** Under the root of the checkout. */
export const CLIENT_TYPES_FILE = 'libs/client/src/api.ts';

/** What that file has to hold. */
export const clientTypes = (): string => generateTypes(documentOf(routesOf(CONTROLLERS)));
