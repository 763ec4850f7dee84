import type { KeyObject } from 'node:crypto';
import { streams } from '@slipway/contracts';
import { hooks } from '@slipway/domain';
import { hookCodec, loadState, type EventStore } from '@slipway/event-store';
import { toldBuild } from '../builds/told-build.js';
import { failed, failedForGood, type Channel, type Outcome } from '../channel.js';
import { outcomeWithoutAnswer } from '../no-answer.js';
import { unseal } from '../unseal.js';
import { cloudEvent, signatureOf } from './cloud-event.js';
import type { Post, PostRequest } from './post.js';

export interface HookChannelParts {
  readonly store: EventStore;
  /** All that may have sealed a secret. */
  readonly secretKeys: readonly KeyObject[];
  readonly publicUrl: string;
  readonly post: Post;
}

const GONE = 410;

/** Tells a hook, as it is now: where it points, and whether it is still wanted, may have changed since. */
export function hookChannel({ store, secretKeys, publicUrl, post }: HookChannelParts): Channel {
  return async ({ notificationId, target, topic, buildId, eventNumber }) => {
    if (target.kind !== 'hook') throw new Error(`a hook is not told as ${target.kind}`);
    const { namespace, hookId } = target;
    const { state } = await loadState({ store, decider: hooks, codec: hookCodec }, streams.hooks(namespace));
    const hook = state.find((one) => one.hookId === hookId);
    if (!hook) return failedForGood('The hook was removed.');
    if (!hook.isActive) return failedForGood('The hook is not active.');
    const secret = unseal(hook.secret, `hook/${hookId}`, secretKeys);
    const told = await toldBuild(store, { buildId, eventNumber });
    const body = JSON.stringify(cloudEvent(told, { notificationId, topic, publicUrl }));
    const headers = {
      'content-type': 'application/cloudevents+json; charset=utf-8',
      'user-agent': 'Slipway',
      'x-slipway-signature-256': signatureOf(body, secret),
    };
    return outcomeOf(post, { url: hook.url, headers, body });
  };
}

async function outcomeOf(post: Post, request: PostRequest): Promise<Outcome> {
  try {
    const answer = await post(request);
    if (answer.status >= 200 && answer.status < 300) return { kind: 'told', answer };
    const why = `The target answered ${answer.status}.`;
    return answer.status === GONE ? failedForGood(why, answer) : failed(why, answer);
  } catch (error) {
    return outcomeWithoutAnswer(error);
  }
}
