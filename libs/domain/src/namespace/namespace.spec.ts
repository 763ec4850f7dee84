import { specify } from '@slipway/testing';
import {
  claimForUser,
  created,
  createOrganisation,
  described,
  describeNamespace,
  ensureNamespace,
  given,
  giveRole,
  own,
  quotaSet,
  removed,
  removeMember,
  setQuota,
  team,
} from './namespace.fixtures.js';
import { namespace } from './namespace.js';

const known = specify(namespace);

describe('a name', () => {
  it('becomes an organisation whose maker is its administrator', () =>
    known()
      .when(createOrganisation())
      .then(...team));

  it('becomes the own namespace of a user, who is its administrator', () =>
    known()
      .when(claimForUser())
      .then(...own));

  it("is nobody else's once somebody has it", () => {
    known(...team)
      .when(createOrganisation())
      .thenRejects('NAMESPACE_EXISTS');
    known(...own)
      .when(createOrganisation())
      .thenRejects('NAMESPACE_EXISTS');
    known(...team)
      .when(claimForUser('team'))
      .thenNothing();
  });

  it('stays quiet when its user claims it again', () =>
    known(...own)
      .when(claimForUser())
      .thenNothing());

  it('becomes an organisation with the first repository in it', () => {
    known()
      .when(ensureNamespace())
      .then(created('root', ''), given('root', 'admin', 'root'));
    known(...team)
      .when(ensureNamespace())
      .thenNothing();
    known(...own)
      .when(ensureNamespace())
      .thenNothing();
  });

  it('is an organisation without members when the repository was there before', () =>
    known().when(ensureNamespace(null)).then(created(null, '')));
});

describe('a namespace', () => {
  it('is described', () =>
    known(...team)
      .when(describeNamespace('They'))
      .then(described('They')));

  it('stays quiet when it is described as it is', () =>
    known(...team)
      .when(describeNamespace('We'))
      .thenNothing());

  it('is there, or nothing of it is changed', () => {
    known().when(describeNamespace('They')).thenRejects('NAMESPACE_NOT_FOUND');
    known().when(giveRole('bob', 'reader')).thenRejects('NAMESPACE_NOT_FOUND');
    known().when(removeMember('bob')).thenRejects('NAMESPACE_NOT_FOUND');
  });
});

describe('a member', () => {
  const withBob = [...team, given('bob', 'reader')];

  it('is given a role, and another one', () => {
    known(...team)
      .when(giveRole('bob', 'reader'))
      .then(given('bob', 'reader'));
    known(...withBob)
      .when(giveRole('bob', 'builder'))
      .then(given('bob', 'builder'));
  });

  it('stays quiet when the role is the same', () =>
    known(...withBob)
      .when(giveRole('bob', 'reader'))
      .thenNothing());

  it('is removed', () =>
    known(...withBob)
      .when(removeMember('bob'))
      .then(removed('bob')));

  it('is removed once', () => {
    known(...withBob, removed('bob'))
      .when(removeMember('bob'))
      .thenRejects('MEMBER_NOT_FOUND');
    known(...team)
      .when(removeMember('bob'))
      .thenRejects('MEMBER_NOT_FOUND');
  });
});

describe('an administrator', () => {
  it('neither leaves nor is demoted as the last one', () => {
    const crowd = [...team, given('bob', 'builder')];
    known(...crowd)
      .when(removeMember('olga'))
      .thenRejects('LAST_ADMIN');
    known(...crowd)
      .when(giveRole('olga', 'builder'))
      .thenRejects('LAST_ADMIN');
  });

  it('may go once there is another one', () => {
    const two = [...team, given('bob', 'admin')];
    known(...two)
      .when(removeMember('olga'))
      .then(removed('olga'));
    known(...two)
      .when(giveRole('olga', 'reader'))
      .then(given('olga', 'reader'));
    known(...two, given('olga', 'reader'))
      .when(removeMember('bob'))
      .thenRejects('LAST_ADMIN');
  });

  it('of the own namespace stays it, whoever else is there', () => {
    const shared = [...own, given('bob', 'admin', 'alice', 'alice')];
    known(...shared)
      .when(removeMember('alice', 'alice'))
      .thenRejects('LAST_ADMIN');
    known(...shared)
      .when(giveRole('alice', 'reader', 'alice'))
      .thenRejects('LAST_ADMIN');
  });

  it('is made by the system where nobody is', () =>
    known(created(null, '')).when(giveRole('bob', 'admin')).then(given('bob', 'admin')));
});

describe('the quota of a namespace', () => {
  it('is set, and replaced', () => {
    known(...team)
      .when(setQuota({ buildMinutes: 5 }))
      .then(quotaSet({ buildMinutes: 5 }));
    known(...team, quotaSet({ buildMinutes: 5 }))
      .when(setQuota({ logBytes: 7 }))
      .then(quotaSet({ logBytes: 7 }));
  });

  it('is given back to the environment', () => {
    known(...team, quotaSet({ buildMinutes: 5 }))
      .when(setQuota({}))
      .then(quotaSet({}));
    known(...team)
      .when(setQuota({}))
      .thenNothing();
  });

  it.each(['queuedBuilds', 'runningBuilds', 'buildMinutes', 'logBytes'] as const)(
    'stays quiet when it is the same, and does not when %s is another',
    (one) => {
      const all = { queuedBuilds: 1, runningBuilds: 2, buildMinutes: 3, logBytes: 4 };
      known(...team, quotaSet(all))
        .when(setQuota(all))
        .thenNothing();
      known(...team, quotaSet(all))
        .when(setQuota({ ...all, [one]: 9 }))
        .then(quotaSet({ ...all, [one]: 9 }));
    },
  );

  it('is of a namespace that is there', () =>
    known()
      .when(setQuota({ logBytes: 7 }))
      .thenRejects('NAMESPACE_NOT_FOUND'));
});
