export { egressTo, type Egress, type EgressOptions, type Resolve } from './egress.js';
export { NO_PRIVATE_HOSTS, parsePrivateHosts, privateHostsEnv, type PrivateHosts } from './private-hosts.js';
export { safeFetch, type SafeAnswer, type SafeRequest } from './safe-fetch.js';
