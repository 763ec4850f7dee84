import type { SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb.js';
import { GossipService, ServerFeaturesService, StreamsService, serverFeatures } from './stubs.js';

/** The protocol we speak is that of this EventStoreDB. */
const PROTOCOL_VERSION = '24.10.0';

/**
 * What the client may call, in lower case. No `deadline_duration` for BatchAppend: the client's stubs have no field
 * for it, so a deadline sent that way would be lost.
 */
export function supportedMethods(): SupportedMethods {
  const answer = new serverFeatures.SupportedMethods().setEventStoreServerVersion(PROTOCOL_VERSION);
  for (const service of [StreamsService, ServerFeaturesService, GossipService]) {
    for (const { path } of Object.values(service) as { path: string }[]) {
      const [, serviceName = '', methodName = ''] = path.toLowerCase().split('/');
      const method = new serverFeatures.SupportedMethod().setServiceName(serviceName).setMethodName(methodName);
      if (path === StreamsService.read.path) method.setFeaturesList(['position', 'events']);
      answer.addMethods(method);
    }
  }
  return answer;
}
