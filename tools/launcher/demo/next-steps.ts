import { type Screen, chapter } from './screen.js';
import type { DemoSystem } from './system.js';

/** Commands to go on with. They name the token's file, so that the token is not on the screen. */
export function showNextSteps(screen: Screen, { isOurs, api, tokenFile }: DemoSystem, buildId: string): void {
  const command = (what: string, text: string): void => {
    screen.line(`  ${screen.paint('dim', `# ${what}`)}`);
    screen.line(`  ${text}`);
  };
  const curl = `curl -H "$TOKEN"`;
  chapter(screen, 'What to try next');
  if (isOurs)
    command('the same system with the same builds, until Ctrl-C (use another terminal for the rest)', 'npm start');
  command('who you are', `TOKEN="Authorization: Token $(cat '${tokenFile}')"`);
  command('the builds', `${curl} '${api}/v1/builds?namespace=demo'`);
  command('the log of the second one', `${curl} -H 'Accept: text/plain' ${api}/v1/builds/${buildId}/logs`);
  command(
    'the same as a stream of events, as a build in progress gives it',
    `${curl} -N ${api}/v1/builds/${buildId}/logs/stream`,
  );
}
