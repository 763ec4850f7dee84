import type { GitFiles } from '@slipway/testing';

/** Where the sample's server listens in its container. */
export const SERVER_PORT = 8_080;

const dockerfile = (
  base: string,
): string => `# The first stage renders and tests the site, the second one serves what came out of it.
FROM ${base} AS site
WORKDIR /src
COPY . .
RUN sh render.sh /site
RUN sh check.sh /site

FROM ${base}
COPY --from=site /site /www
USER nobody
EXPOSE ${SERVER_PORT}
CMD ["httpd", "-f", "-p", "${SERVER_PORT}", "-h", "/www"]
`;

const RENDER = `# Fills the template in for every page.
set -eu
mkdir -p "$1"
for page in pages/*.txt; do
  name=$(basename "$page" .txt)
  sed -e "s|@TEXT@|$(cat "$page")|" -e "s|@VERSION@|$(cat VERSION)|" template.html > "$1/$name.html"
  echo "rendered $name.html: $(wc -c < "$1/$name.html") bytes"
done
`;

const CHECK = `# Serves the site for a moment and asks for every page of it.
set -eu
if [ -e drafts ]; then echo "drafts/ is in the image although .dockerignore names it"; exit 1; fi
httpd -p 127.0.0.1:8081 -h "$1"
for page in "$1"/*.html; do
  name=$(basename "$page")
  wget -q -O - "http://127.0.0.1:8081/$name" | grep -q "<h1>"
  echo "$name is served"
done
`;

const TEMPLATE = `<!doctype html>
<title>Hello</title>
<h1>@TEXT@</h1>
<p>Version @VERSION@</p>
`;

/** A small web server. `version` makes each demo's sources new, so that its first build has something to do. */
export const sampleFiles = (base: string, version: string): GitFiles => ({
  Dockerfile: dockerfile(base),
  '.dockerignore': '.git\n.dockerignore\nDockerfile\ndrafts\n*.md\n',
  'README.md': '# Hello\nA web server of two pages, for the demo of Slipway.\n',
  VERSION: `${version}\n`,
  'template.html': TEMPLATE,
  'pages/index.txt': 'Hello from an image that Slipway built!\n',
  'pages/about.txt': 'A web server of two pages\n',
  'render.sh': { executable: RENDER },
  'check.sh': { executable: CHECK },
  'drafts/huge.txt': 'Kept out of the image by .dockerignore.\n'.repeat(25_000),
});
