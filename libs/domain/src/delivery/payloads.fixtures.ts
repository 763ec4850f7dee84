/** Payloads as the hosts print them in their documents, without what nobody reads. */
export const BEFORE = '6113728f27ae82c7b1a177c8d03f9e96e0adf246';
export const COMMIT = '7638417db6d59f3c431d3e1f261cc637155684cd';
const NO_COMMIT = '0'.repeat(40);

/** docs.github.com, "Webhook events and payloads", `push`. */
export const gitHubPush = {
  ref: 'refs/heads/main',
  before: BEFORE,
  after: COMMIT,
  repository: { id: 186853002, name: 'Hello-World', full_name: 'Codertocat/Hello-World', private: false },
  pusher: { name: 'Codertocat', email: '21031067+Codertocat@users.noreply.github.com' },
  sender: { login: 'Codertocat', id: 21031067, type: 'User' },
  created: false,
  deleted: false,
  forced: false,
  base_ref: null as string | null,
  compare: 'https://github.com/Codertocat/Hello-World/compare/6113728f27ae...7638417db6d5',
  commits: [{ id: COMMIT, message: 'Update README.md', added: [], removed: [], modified: ['README.md'] }],
  head_commit: { id: COMMIT, message: 'Update README.md' } as { id: string; message: string } | null,
};
export const gitHubDeletion = { ...gitHubPush, after: NO_COMMIT, deleted: true, commits: [], head_commit: null };
/** An annotated tag: `after` is the tag, `head_commit` what it leads to. */
export const gitHubTag = {
  ...gitHubPush,
  ref: 'refs/tags/v1.2',
  before: NO_COMMIT,
  after: 'f'.repeat(40),
  created: true,
  base_ref: 'refs/heads/main',
};
export const gitHubPing = {
  zen: 'Keep it logically awesome.',
  hook_id: 109948940,
  hook: { type: 'Repository', id: 109948940, name: 'web', active: true, events: ['push'] },
};

/** support.atlassian.com, "Event payloads", `repo:push`. */
export const bitbucketPush = (...changes: readonly object[]) => ({
  actor: { type: 'user', nickname: 'emmap1', display_name: 'Emma' },
  repository: { type: 'repository', name: 'repo_name', full_name: 'team_name/repo_name', is_private: true },
  push: { changes },
});
const bitbucketRef = (type: string, name: string, hash: string) => ({
  type,
  name,
  target: { type: 'commit', hash, author: { type: 'author', raw: 'Emma <emma@example.com>' }, message: 'new\n' },
});
export const bitbucketChange = (type: string, name: string) => ({
  new: bitbucketRef(type, name, COMMIT),
  old: bitbucketRef(type, name, BEFORE),
  created: false,
  forced: false,
  closed: false,
  truncated: false,
});
export const bitbucketDeletion = (type: string, name: string) => ({
  ...bitbucketChange(type, name),
  new: null,
  closed: true,
});

/** gitee.com/help, "WebHook 推送数据格式", `push_hooks` and `tag_push_hooks`. */
export const giteePush = {
  hook_name: 'push_hooks',
  hook_id: 1,
  hook_url: 'http://gitee.com/oschina/gitee/hooks/1/edit',
  timestamp: '1576754827988',
  sign: 'rLEHLuZRIQHuTPeXMib9Czoq9dVXO4TsQcmQQHtjXHA=',
  ref: 'refs/heads/main',
  before: BEFORE,
  after: COMMIT,
  created: false,
  deleted: false,
  total_commits_count: 1,
  commits: [{ id: COMMIT, message: 'new' }],
  head_commit: { id: COMMIT, message: 'new' },
  project: { id: 120249025, name: 'Gitee', path_with_namespace: 'oschina/gitee' },
};
export const giteeTag = { ...giteePush, hook_name: 'tag_push_hooks', ref: 'refs/tags/v1.2', before: NO_COMMIT };

/** GitCafe's was GitHub's of its time. */
export const gitCafePush = {
  before: BEFORE,
  after: COMMIT,
  ref: 'refs/heads/main',
  commits: [{ id: COMMIT, message: 'new', author: { name: 'GitCafe', email: 'support@gitcafe.com' } }],
  repository: { name: 'webhooks', url: 'https://gitcafe.com/GitCafe/webhooks' },
};

/** The least that a `Simple` repository's own hook must say. */
export const simplePush = { ref: 'refs/heads/main', before: BEFORE, after: COMMIT };
