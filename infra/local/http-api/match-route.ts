import type { RouteConfiguration } from './http-api-configuration.ts';

/** The route that takes a request, and the parts of the path that its key names. */
export interface RouteMatch {
  readonly route: RouteConfiguration;
  /** URL-decoded. */
  readonly pathParameters: Readonly<Record<string, string>>;
}

/**
 * The most specific route for a method and an encoded path: literal segments before named ones before `{proxy+}`, a
 * method before ANY, `$default` last ("Routing API requests" in the API Gateway guide).
 */
export function matchRoute(
  routes: readonly RouteConfiguration[],
  method: string,
  path: string,
): RouteMatch | undefined {
  let best: { rank: string; match: RouteMatch } | undefined;
  for (const route of routes) {
    const candidate = route.routeKey === '$default' ? { rank: '', pathParameters: {} } : placed(route, method, path);
    if (candidate === undefined || (best !== undefined && candidate.rank <= best.rank)) continue;
    best = { rank: candidate.rank, match: { route, pathParameters: candidate.pathParameters } };
  }
  return best?.match;
}

/** The rank sorts as text: one digit per segment (3 literal, 2 named, 1 greedy), then whether the method is named. */
function placed(
  { routeKey }: RouteConfiguration,
  method: string,
  path: string,
): { rank: string; pathParameters: Record<string, string> } | undefined {
  const [routeMethod = '', template = ''] = routeKey.split(' ');
  if (routeMethod !== 'ANY' && routeMethod !== method) return undefined;
  const given = path.split('/').slice(1);
  const wanted = template.split('/').slice(1);
  const pathParameters: Record<string, string> = {};
  let rank = '';
  for (const [index, segment] of wanted.entries()) {
    const name = /^\{(.+?)(\+?)\}$/.exec(segment);
    const value = name?.[2] === '+' ? given.slice(index).join('/') : given[index];
    if (value === undefined || (name !== null && value === '')) return undefined;
    if (name === null && decode(value) !== segment) return undefined;
    if (name?.[1] !== undefined) pathParameters[name[1]] = decode(value);
    rank += name === null ? '3' : name[2] === '+' ? '1' : '2';
    if (name?.[2] === '+') return { rank: rank + (routeMethod === 'ANY' ? '0' : '9'), pathParameters };
  }
  if (given.length !== wanted.length) return undefined;
  return { rank: rank + (routeMethod === 'ANY' ? '0' : '9'), pathParameters };
}

/** A segment that is not valid percent-encoding stands for itself. */
export function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
