// The bundles of all services, in .slipway/build, as `npm start` makes them.
import { checkoutPaths } from '../tools/launcher/paths.ts';
import { bundleApps } from '../tools/launcher/system/bundle.ts';
import { ALL_APPS } from '../tools/launcher/system/services.ts';

await bundleApps(checkoutPaths(), ALL_APPS);
