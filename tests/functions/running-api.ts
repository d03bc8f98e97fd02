import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from 'aws-lambda';
import { apiHandler } from '../../functions/api-handler.ts';
import type { ApiEvent } from '../../functions/http-event.ts';
import { type HttpApiStandIn, startHttpApi } from '../../infra/local/http-api/http-api.ts';
import { startIssuer } from '../../infra/local/issuer/issuer.ts';
import { identifyCaller } from '../../lib/api/identify-caller.ts';
import { serveApi, type UseCases } from '../../lib/api/serve-api.ts';
import { apiUseCases } from '../../lib/api/use-cases.ts';
import { ROUTES } from '../../lib/names/routes.ts';
import { openPreviewWorld, previewsOf } from '../lib/api/published-costs.ts';

const ISSUER = 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_test';
const CLIENT_ID = 'client-1';

/** Subject of the partner's first user. */
export const FIRST_PARTNER = 'first-partner';

/** The API's handlers behind a gateway with the routes and the authorizer of the template. */
export async function startApi() {
  const folder = mkdtempSync(join(tmpdir(), 'apportion-api-'));
  const world = await openPreviewWorld();
  const issuer = await startIssuer({ folder: join(folder, 'issuer') });
  const tokens = await issuer.actAs({ issuer: ISSUER, clientId: CLIENT_ID });
  const stranger = await startIssuer({ folder: join(folder, 'other-issuer') });
  const otherTokens = await stranger.actAs({ issuer: 'https://issuer.example', clientId: CLIENT_ID });
  const forgedTokens = await stranger.actAs({ issuer: ISSUER, clientId: CLIENT_ID });
  const identify = identifyCaller({ users: world.world.users, firstPartnerSubject: FIRST_PARTNER });
  const handlerOf = (useCases: UseCases) => apiHandler(serveApi(useCases, identify, world.audit));
  const handlers = {
    api: handlerOf(apiUseCases(world.world)),
    'preview-rules': handlerOf(previewsOf(world)),
  };
  const gateway: HttpApiStandIn = await startHttpApi({
    invoke: async (name, payload) => {
      const handler = handlers[name as keyof typeof handlers];
      const event: ApiEvent = JSON.parse(payload);
      const answer = await handler(event, { awsRequestId: 'request-1' } as Context);
      return { requestId: 'request-1', payload: JSON.stringify(answer) };
    },
  });
  const authorizer = {
    ...{ issuer: ISSUER, documentsAt: issuer.endpoint, audience: [CLIENT_ID] },
    identitySource: '$request.header.Authorization',
  };
  const route = { timeoutMilliseconds: 30_000, scopes: [] };
  gateway.configure({
    ...{ apiId: 'api', accountId: '111122223333', stage: '$default', stageVariables: {} },
    routes: [
      { routeKey: '$default', functionArn: 'api', authorizer, ...route },
      { routeKey: ROUTES.previewRules, functionArn: 'preview-rules', authorizer, ...route },
      { routeKey: ROUTES.getPreview, functionArn: 'preview-rules', authorizer, ...route },
      { routeKey: ROUTES.openApi, functionArn: 'api', ...route },
      { routeKey: ROUTES.docs, functionArn: 'api', ...route },
    ],
  });
  return {
    ...{ world, tokens, otherTokens, forgedTokens },
    url: gateway.endpoint,
    close: async () => {
      await Promise.all([gateway.close(), issuer.close(), stranger.close(), world.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The running API. */
export type RunningApi = Awaited<ReturnType<typeof startApi>>;
