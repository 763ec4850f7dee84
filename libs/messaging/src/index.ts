export { checkConnection, watchConnection } from './connection-state.js';
export { connectNats, natsServers } from './connect.js';
export { consumeLane, decodeMessage, pause, type Lane } from './consume.js';
export { deadLetterDesk, type DeadLetterDesk } from './dead-letters/desk.js';
export { keepDeadLetter } from './dead-letters/keep.js';
export { offer, publish } from './publish.js';
export { request, serve, type Service } from './request-reply.js';
export { consumers, ensureTopology, STREAMS, type Topology } from './topology.js';
export { traceHeaders, traceparentOf } from './trace-headers.js';
