// Requests and answers as the original API document prints them; what it leaves to the reader is said beside it.

export const createRepositoryRequest = {
  repo_name: 'docker_images_test',
  description: 'docker images',
  full_description: '',
  is_public: true,
  build_config: {
    code_repo_client: 'GitHub',
    code_repo_namespace: 'yournamespace',
    code_repo_name: 'Docker-image',
    build_node: 'in',
    email_enabled: false,
    tag_configs: [
      {
        code_repo_type: 'branch',
        code_repo_type_value: 'master',
        docker_repo_tag: 'latest',
        build_context_path: '/',
        dockerfile_location: '/',
        is_active: false,
        build_cache_enabled: true,
        version_tagging: 1,
      },
    ],
  },
};

/** The document prints the build config alone. */
export const simpleBuildConfig = {
  code_repo_client: 'Simple',
  code_repo_clone_url: 'http://github.com/example/example.git',
  tag_configs: [
    {
      code_repo_type: 'branch',
      code_repo_type_value: 'master',
      docker_repo_tag: 'latest',
      dockerfile_location: '/',
      is_active: false,
      build_cache_enabled: true,
      version_tagging: 1,
    },
  ],
};

/** For a source `alauda/testtest`; without its times and its key. */
export const repositoryAnswer = {
  repo_starred_count: 0,
  namespace: 'alauda',
  logo_file: '/static/images/user/default-logo.png',
  repo_path: 'alauda/docker_images_test',
  repo_name: 'docker_images_test',
  description: 'docker images',
  full_description: '',
  created_by: 'alauda',
  is_public: true,
  is_automated: true,
  download: 0,
  upload: 0,
  pulled_at: null,
  pushed_at: null,
  build_config: {
    id: 3,
    docker_repo_path: 'alauda/docker_images_test',
    code_repo_client: 'GitHub',
    code_repo_path: 'alauda/testtest',
    code_repo_webhook_code: null,
    created_by: 'alauda',
    build_node: 'in',
    email_enabled: false,
    code_repo_path_url: 'https://github.com/alauda/testtest',
    deploy_url: 'https://github.com/alauda/testtest/settings/keys',
    tag_configs: [
      {
        id: 4,
        docker_build_config_id: 3,
        docker_repo_tag: 'latest',
        dockerfile_location: '/',
        code_repo_type: 'branch',
        code_repo_type_value: 'master',
        is_active: false,
        version_tagging: 1,
        build_context_path: '/',
        build_cache_enabled: true,
      },
    ],
  },
};

/** For a build config 1 that has a tag config 1. */
export const changeBuildConfigRequest = {
  build_node: 'in',
  tag_configs: [
    {
      id: 1,
      docker_repo_tag: 'release',
      docker_build_config_id: 1,
      dockerfile_location: '/',
      code_repo_type: 'branch',
      code_repo_type_value: 'master',
      is_active: false,
      version_tagging: 1,
      build_context_path: '/',
      build_cache_enabled: true,
    },
    {
      docker_repo_tag: 'latest',
      dockerfile_location: '/aa',
      code_repo_type: 'branch',
      code_repo_type_value: 'master',
      is_active: false,
      version_tagging: 1,
      build_context_path: '/aa',
      build_cache_enabled: true,
    },
  ],
};

export const requestBuildRequest = {
  namespace: 'alauda',
  repo_name: 'test',
  tag: 'latest',
  code_commit_id: '552819d5c903472a36696e8ac620ac250e49829d',
};

/** Without its id. The document's `https://bitbucket.org/yingdai/buildtest` is a slip. */
export const requestedBuildAnswer = {
  created_at: '2015-09-02T08:17:42.581Z',
  started_at: null,
  ended_at: null,
  code_head_commit: '552819d5c903472a36696e8ac620ac250e49829d',
  code_repo_client: 'Bitbucket',
  code_repo_path: 'alauda/buildtest',
  code_repo_type: 'branch',
  code_repo_type_value: 'master',
  created_by: 'alaudatest',
  image_id: null,
  docker_repo_path: 'alauda/buildtes34t',
  docker_repo_tag: 'latest',
  docker_repo_version_tag: 'v20150902.081742',
  dockerfile_location: '/',
  status: 'W',
  auto_created: false,
  step_at: 1,
  build_node: 'in',
  build_context_path: '/',
  build_cache_enabled: true,
  code_repo_http_url: 'https://bitbucket.org/alauda/buildtest',
  code_commit_http_url: 'https://bitbucket.org/alauda/buildtest/commits/552819d5c903472a36696e8ac620ac250e49829d',
  code_repo_branch_url: 'https://bitbucket.org/alauda/buildtest/branch/master',
  is_removable: true,
};

export const endedBuildAnswer = {
  ...requestedBuildAnswer,
  build_id: '5709f780-e8fb-4b52-aa3b-6256b572fb51',
  started_at: '2015-09-02T08:17:42.691Z',
  ended_at: '2015-09-02T08:18:13.011Z',
  image_id: 'a31664dde7e0',
  status: 'S',
  step_at: 50,
  is_removable: false,
};

/** What a row of the list holds: no step, no node, no context path, but the last line of what happened. */
export const listFields = [
  'build_id',
  'created_at',
  'started_at',
  'ended_at',
  'code_head_commit',
  'code_repo_client',
  'code_repo_path',
  'code_repo_type',
  'code_repo_type_value',
  'created_by',
  'detail',
  'image_id',
  'docker_repo_path',
  'docker_repo_tag',
  'docker_repo_version_tag',
  'dockerfile_location',
  'status',
  'auto_created',
  'build_cache_enabled',
  'code_repo_http_url',
  'code_commit_http_url',
  'code_repo_branch_url',
];

export const logAnswer = [
  { message: 'starting to build', level: 'INFO', time: 1441770706 },
  { message: 'cloning code source from repo dai92817/test on branch:master', level: 'INFO', time: 1441770708 },
  { message: "Cloning into '/tmp/tmpA5_gNi'...", level: 'INFO', time: 1441770709 },
  {
    message: 'Dockerfile path: /tmp/tmpA5_gNi/Dockerfile. Build context path: /tmp/tmpA5_gNi',
    level: 'INFO',
    time: 1441770714,
  },
  { message: 'Sending build context to Docker daemon 3.072 kB', level: 'INFO', time: 1441770714 },
];
