export { activeRecords, NoLongerActive, type Active } from './active/active-records.js';
export { buildProjection } from './build/projection.js';
export {
  BUILDS_A_PAGE,
  type BuildFilter,
  type BuildPage,
  type BuildQueries,
  type BuildScope,
  type PageLink,
} from './build/queries.js';
export { LISTED_COLUMNS, type BuildRow } from './build/table.js';
export type { PageOfRows } from './database/page-of-rows.js';
export { openDatabase, type Database, type DatabaseOptions } from './database/open-database.js';
export { buildListItem, buildView } from './build/view.js';
export { deliveryProjection } from './delivery/projection.js';
export type { DeliveryQueries } from './delivery/queries.js';
export type { DeliveryRow } from './delivery/table.js';
export { deliveryView, replayView, webhookAnswerView } from './delivery/view.js';
export { hookDeliveryProjection } from './hook-delivery/projection.js';
export type { HookDeliveryPage, HookDeliveryQueries } from './hook-delivery/queries.js';
export type { HookDeliveryRow } from './hook-delivery/table.js';
export { hookDeliveryView } from './hook-delivery/view.js';
export { hookProjection } from './hook/projection.js';
export type { HookPage, HookQueries } from './hook/queries.js';
export type { HookRow } from './hook/table.js';
export { hookView } from './hook/view.js';
export { logProjection } from './log/projection.js';
export type { LogQueries, ReadLog } from './log/queries.js';
export type { LogChunkRow, LogRow } from './log/table.js';
export { memberProjection, namespaceProjection } from './namespace/projection.js';
export type { NamespaceQueries, NamespaceScope } from './namespace/queries.js';
export type { MemberRow, NamespaceRow } from './namespace/table.js';
export { memberView, namespaceView } from './namespace/view.js';
export { openReadModel, type ReadModel } from './read-model.js';
export { repositoryProjection } from './repository/projection.js';
export type { RepositoryPage, RepositoryQueries } from './repository/queries.js';
export type { RepositoryRow } from './repository/table.js';
export {
  buildConfigView,
  repositoryRecord,
  repositoryView,
  revisionOf,
  type LocateSource,
  type Pushes,
  type RepositoryRecord,
} from './repository/view.js';
export type { PublicTagPage, PublicTagQueries } from './tag/queries.js';
export { robotProjection } from './robot/projection.js';
export type { RobotQueries } from './robot/queries.js';
export type { RobotRow } from './robot/table.js';
export { robotView } from './robot/view.js';
export { userProjection, userTokenProjection } from './user/projection.js';
export type { TokenHolder, UserQueries } from './user/queries.js';
export type { UserRow, UserTokenRow } from './user/table.js';
export { tokenView, userView } from './user/view.js';
export { checkpointQueries, type Checkpoints } from './views/checkpoints.js';
export { applyBatch, resumeAfter, type Applied, type EventBatch } from './views/apply-batch.js';
export {
  beginGeneration,
  foldGeneration,
  RebuildOvertaken,
  swapGeneration,
  type Generation,
} from './views/generation.js';
export { prepareViews } from './views/prepare.js';
export { NOWHERE } from './views/registry.js';
export type { OnPoison, Projection, View } from './views/view.js';
export { VIEWS } from './views/views.js';
