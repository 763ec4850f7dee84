import { createHmac } from 'node:crypto';
import type { BuildView, Topic } from '@slipway/contracts';
import type { ToldBuild } from '../builds/told-build.js';

/** CloudEvents 1.0, structured mode. Source: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md */
export interface CloudEvent {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: `io.slipway.${Topic}`;
  readonly subject: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly data: BuildView;
}

/** `id` is that of the notification: the same in every try, so that a receiver can drop what it has had already. */
export const cloudEvent = (
  { build, namespace, repoName, at }: ToldBuild,
  { notificationId, topic, publicUrl }: { notificationId: string; topic: Topic; publicUrl: string },
): CloudEvent => ({
  specversion: '1.0',
  id: notificationId,
  source: `${publicUrl}/v1/repositories/${namespace}/${repoName}`,
  type: `io.slipway.${topic}`,
  subject: build.build_id,
  time: at,
  datacontenttype: 'application/json',
  data: build,
});

/** As GitHub signs: receivers have code for it. */
export const signatureOf = (body: string, secret: Buffer): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
