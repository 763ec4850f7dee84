import { buildsView } from '../build/build.view.js';
import { deliveriesView } from '../delivery/delivery.view.js';
import { hookDeliveriesView } from '../hook-delivery/hook-delivery.view.js';
import { hooksView } from '../hook/hook.view.js';
import { logsView } from '../log/log.view.js';
import { namespacesView } from '../namespace/namespace.view.js';
import { repositoriesView } from '../repository/repository.view.js';
import { robotsView } from '../robot/robot.view.js';
import { tagsView } from '../tag/tag.view.js';
import { usersView } from '../user/user.view.js';
import type { View } from './view.js';

/** Every view there is. */
export const VIEWS: readonly View[] = [
  buildsView,
  repositoriesView,
  logsView,
  usersView,
  tagsView,
  hooksView,
  hookDeliveriesView,
  namespacesView,
  robotsView,
  deliveriesView,
];
