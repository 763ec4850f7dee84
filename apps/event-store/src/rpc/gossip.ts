import { randomUUID } from 'node:crypto';
import type { ClusterInfo } from '@eventstore/db-client/generated/gossip_pb.js';
import { gossip, shared } from './stubs.js';

const INSTANCE_ID = randomUUID();
const TICKS_PER_MS = 10_000; // gossip counts in 100 ns

/**
 * A cluster of one, always its leader. Its address is the one the asker has reached us by: unlike the address we bind,
 * that one is known to work from there.
 */
export function clusterInfo(authority: string): ClusterInfo {
  const { hostname, port } = new URL(`grpc://${authority}`);
  const endPoint = new gossip.EndPoint().setAddress(hostname).setPort(Number(port));
  const member = new gossip.MemberInfo()
    .setInstanceId(new shared.UUID().setString(INSTANCE_ID))
    .setTimeStamp(String(Date.now() * TICKS_PER_MS))
    .setState(gossip.MemberInfo.VNodeState.LEADER)
    .setIsAlive(true)
    .setHttpEndPoint(endPoint);
  return new gossip.ClusterInfo().setMembersList([member]);
}
