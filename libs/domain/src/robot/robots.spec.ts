import type { RobotEvent } from '@slipway/contracts';
import { specify } from '@slipway/testing';
import { robots, type RobotCommand } from './robots.js';

const given = specify(robots);
const named = (label: string) => ({ namespace: 'team', label, by: 'olga', at: '2026-11-23T10:00:00.000Z' });
const token = (number: number) => ({
  tokenId: `00000000-0000-4000-8000-00000000000${number}`,
  tokenHash: String(number).repeat(64),
});
const create = (label: string, number = 1): RobotCommand => ({
  type: 'CreateRobot',
  data: { ...named(label), role: 'builder', ...token(number) },
});
const created = (label: string, number = 1): RobotEvent => ({
  type: 'RobotCreated',
  data: { ...named(label), role: 'builder', ...token(number) },
});
const remove: RobotCommand = { type: 'RemoveRobot', data: named('ci') };
const removed: RobotEvent = { type: 'RobotRemoved', data: named('ci') };

describe('the robots of a namespace', () => {
  it('are created and removed, and the name is free again', () => {
    given().when(create('ci')).then(created('ci'));
    given(created('ci')).when(remove).then(removed);
    given(created('ci'), removed).when(create('ci', 2)).then(created('ci', 2));
  });

  it('stay quiet when the same one is created again', () => given(created('ci')).when(create('ci')).thenNothing());

  it('have one of a name, with one token', () =>
    given(created('ci')).when(create('ci', 2)).thenRejects('ROBOT_EXISTS'));

  it('are not removed when they are not there', () => {
    given().when(remove).thenRejects('ROBOT_NOT_FOUND');
    given(created('ci'), removed).when(remove).thenRejects('ROBOT_NOT_FOUND');
  });

  it('are a hundred at most', () => {
    const many = Array.from({ length: 100 }, (_, index) => created(`r${index}`));
    given(...many)
      .when(create('ci'))
      .thenRejects('ROBOT_LIMIT_REACHED');
    given(...many.slice(1))
      .when(create('ci'))
      .then(created('ci'));
  });
});
