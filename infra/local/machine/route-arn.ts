import type { HttpApiConfiguration } from '../http-api/http-api-configuration.ts';
import type { Home } from '../iam/services/access-table.ts';

/**
 * The ARN that API Gateway calls a function for: `<api>/<stage>/<method>/<path>` of a route.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function routeArn(
  { region, accountId }: Home,
  api: Pick<HttpApiConfiguration, 'apiId' | 'stage'> | undefined,
  routeKey: string,
): string {
  const [method = '', path = ''] = routeKey.split(' ');
  const route = routeKey === '$default' ? '$default' : `${method === 'ANY' ? '*' : method}${path}`;
  return `arn:aws:execute-api:${region}:${accountId}:${api?.apiId ?? ''}/${api?.stage ?? ''}/${route}`;
}
