import { describe, expect, test } from 'vitest';
import { matchRoute } from '../../../../infra/local/http-api/match-route.ts';

const routes = [
  '$default',
  'ANY /{proxy+}',
  'GET /pets/{proxy+}',
  'GET /pets/{id}',
  'ANY /pets/{id}',
  'GET /pets/dog',
  'GET /',
  'POST /v1/rules/preview',
].map((routeKey) => ({
  routeKey,
  functionArn: routeKey,
  timeoutMilliseconds: 30_000,
  scopes: [],
}));
const match = (method: string, path: string, among = routes) => {
  const found = matchRoute(among, method, path);
  return found === undefined ? undefined : [found.route.routeKey, found.pathParameters];
};

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
describe('routes', () => {
  test.each([
    ['GET', '/pets/dog', ['GET /pets/dog', {}]],
    ['GET', '/pets/cat', ['GET /pets/{id}', { id: 'cat' }]],
    ['PUT', '/pets/cat', ['ANY /pets/{id}', { id: 'cat' }]],
    ['GET', '/pets/cat/1', ['GET /pets/{proxy+}', { proxy: 'cat/1' }]],
    ['PUT', '/pets/cat/1', ['ANY /{proxy+}', { proxy: 'pets/cat/1' }]],
    ['GET', '/', ['GET /', {}]],
    ['POST', '/', ['$default', {}]],
    ['GET', '/pets/a%2Fb%20c', ['GET /pets/{id}', { id: 'a/b c' }]],
    ['GET', '/pets/%zz', ['GET /pets/{id}', { id: '%zz' }]],
  ])('%s %s takes the most specific one', (method, path, expected) => {
    expect(match(method, path)).toEqual(expected);
  });

  test('without $default what no route names is found by none', () => {
    const only = routes.filter(({ routeKey }) => routeKey === 'GET /pets/{id}');
    expect(match('GET', '/pets/1', only)).toEqual(['GET /pets/{id}', { id: '1' }]);
    expect(match('GET', '/pets', only)).toBeUndefined();
    expect(match('GET', '/pets/', only)).toBeUndefined();
    expect(match('GET', '/pets/1/2', only)).toBeUndefined();
    expect(match('POST', '/pets/1', only)).toBeUndefined();
  });
});
