import { availableParallelism } from 'node:os';
import { PARAMETERS } from '../../../lib/names/parameters.ts';
import { parseTemplate } from '../template/template.ts';

/** The client that tokens of the local issuer are for where the template makes no user pool of its own. */
export const LOCAL_CLIENT_ID = 'apportion-local';

/** The template's own limits: an event-source mapping takes 2 at least; more workers than 10 need a larger host. */
const CONCURRENCY = { least: 2, most: 10 } as const;

/**
 * Values for the parameters that this machine knows better than the template's defaults: its processor, how many
 * workers it can run side by side, and its own issuer where the template has no user pool to make one of. Given values
 * win.
 *
 * @param issuer URL of the issuer stand-in.
 */
export function localParameters(
  source: unknown,
  issuer: string,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const { Parameters, Resources } = parseTemplate(source);
  const makesUserPool = Object.values(Resources).some(({ Type }) => Type === 'AWS::Cognito::UserPool');
  const known: Record<string, string> = {
    [PARAMETERS.architecture]: process.arch === 'arm64' ? 'arm64' : 'x86_64',
    [PARAMETERS.maximumConcurrency]: String(
      Math.min(Math.max(availableParallelism(), CONCURRENCY.least), CONCURRENCY.most),
    ),
    ...(makesUserPool ? {} : { [PARAMETERS.jwtIssuer]: issuer, [PARAMETERS.jwtClientId]: LOCAL_CLIENT_ID }),
  };
  const declared = Object.entries(known).filter(([name]) => name in Parameters);
  return { ...Object.fromEntries(declared), ...given };
}
