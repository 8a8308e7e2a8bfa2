import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { judgeRefusal, notAsked, refusalOf } from '../answer.mjs';

const assume = ({ aws, has }, RoleSessionName) =>
  aws.sts.send(new AssumeRoleCommand({ RoleArn: has.session.roleArn, RoleSessionName }));

/** The session of the probe shows already that a name that fits is let in. */
const refuses = (about, documented, sessionName, pattern) => ({
  about,
  documented,
  needs: ['session'],
  async ask(scene) {
    return judgeRefusal(await refusalOf(assume(scene, sessionName)), pattern, 'the session was given');
  },
});

/** What trust policies and STS make of session names. */
export const STS_QUESTIONS = [
  refuses(
    '`sts:RoleSessionName` in a trust policy: a name that does not fit, where one that fits was let in',
    'AccessDenied (AssumeRole)',
    'someone-else',
    /^AccessDenied/,
  ),
  {
    about: '`sts:RoleSessionName` in a trust policy of AssumeRoleWithWebIdentity',
    documented: '"any AWS STS AssumeRole API operation"',
    ask: async () => notAsked('it takes the OIDC token of a CI job'),
  },
  refuses('a session name with `/`', 'ValidationError', 'ci-live-a/b', /^Validation/),
  refuses('a session name of 65 characters', 'ValidationError', `ci-live-${'a'.repeat(57)}`, /^Validation/),
];
