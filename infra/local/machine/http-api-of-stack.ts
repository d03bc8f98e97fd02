import { z } from 'zod';
import type {
  CorsConfiguration,
  HttpApiConfiguration,
  JwtAuthorizer,
  RouteConfiguration,
  Throttle,
} from '../http-api/http-api-configuration.ts';
import type { Stack, StackResource } from '../template/resolve-stack.ts';
import { TemplateError } from '../template/template-error.ts';
import { Flag, Numeric, readProperties } from './read-properties.ts';
import { resourcesOfType } from './resources-of-type.ts';

/** An integration's longest time-out, also its default. */
const INTEGRATION_MILLISECONDS = 30_000;

const Texts = z.array(z.string()).default([]);
const ApiProperties = z.object({
  ProtocolType: z.literal('HTTP'),
  CorsConfiguration: z
    .object({
      AllowCredentials: Flag.default(false),
      AllowHeaders: Texts,
      AllowMethods: Texts,
      AllowOrigins: Texts,
      ExposeHeaders: Texts,
      MaxAge: Numeric.optional(),
    })
    .optional(),
});
const RouteSettings = z.object({
  ThrottlingBurstLimit: Numeric.optional(),
  ThrottlingRateLimit: Numeric.optional(),
});
const StageProperties = z.object({
  StageName: z.string(),
  DefaultRouteSettings: RouteSettings.default({}),
  RouteSettings: z.record(z.string(), RouteSettings).default({}),
  StageVariables: z.record(z.string(), z.coerce.string()).default({}),
});
const RouteProperties = z.object({
  RouteKey: z.string(),
  Target: z.string(),
  AuthorizationType: z.enum(['NONE', 'JWT']).default('NONE'),
  AuthorizerId: z.string().optional(),
  AuthorizationScopes: Texts,
});
const IntegrationProperties = z.object({
  IntegrationType: z.literal('AWS_PROXY'),
  IntegrationUri: z.string(),
  PayloadFormatVersion: z.literal('2.0'),
  TimeoutInMillis: Numeric.default(INTEGRATION_MILLISECONDS),
});
const AuthorizerProperties = z.object({
  AuthorizerType: z.literal('JWT'),
  IdentitySource: z.array(z.string()).length(1),
  JwtConfiguration: z.object({ Audience: Texts, Issuer: z.string() }),
});

/** Finds an issuer's documents on this machine; undefined: they are at the issuer itself. */
export type LocateIssuer = (issuer: string) => string | undefined;

/**
 * The HTTP API of a stack with its stage, routes, integrations and authorizers; undefined where it has none.
 *
 * @throws {TemplateError} where there are several, and at whatever the gateway here does not play.
 */
export function httpApiOfStack(
  stack: Stack,
  accountId: string,
  locate: LocateIssuer,
): HttpApiConfiguration | undefined {
  const [api, ...more] = resourcesOfType(stack, 'AWS::ApiGatewayV2::Api');
  if (api === undefined) return undefined;
  const [stage, ...moreStages] = resourcesOfType(stack, 'AWS::ApiGatewayV2::Stage');
  const surplus = [...more, ...moreStages][0];
  if (surplus !== undefined) throw new TemplateError(surplus.logicalId, 'one API with one stage runs on this machine');
  if (stage === undefined) throw new TemplateError(api.logicalId, 'the API has no stage');
  const { CorsConfiguration } = readProperties(ApiProperties, api);
  const { StageName, StageVariables, DefaultRouteSettings, RouteSettings } = readProperties(StageProperties, stage);
  const routes = resourcesOfType(stack, 'AWS::ApiGatewayV2::Route').map((route) => {
    const configuration = routeOf(stack, route, locate);
    const throttle = throttleOf({ ...DefaultRouteSettings, ...RouteSettings[configuration.routeKey] });
    return throttle === undefined ? configuration : { ...configuration, throttle };
  });
  return {
    apiId: api.ref,
    accountId,
    stage: StageName,
    stageVariables: StageVariables,
    routes,
    ...(CorsConfiguration === undefined ? {} : { cors: corsOf(CorsConfiguration) }),
  };
}

function routeOf(stack: Stack, resource: StackResource, locate: LocateIssuer): RouteConfiguration {
  const route = readProperties(RouteProperties, resource);
  const integration = byRef(stack, resource, 'AWS::ApiGatewayV2::Integration', route.Target.split('/').at(-1));
  const { IntegrationUri, TimeoutInMillis } = readProperties(IntegrationProperties, integration);
  return {
    routeKey: route.RouteKey,
    functionArn: /functions\/(arn:[^/]+)\/invocations$/.exec(IntegrationUri)?.[1] ?? IntegrationUri,
    timeoutMilliseconds: Math.min(TimeoutInMillis, INTEGRATION_MILLISECONDS),
    scopes: route.AuthorizationScopes,
    ...(route.AuthorizationType === 'NONE'
      ? {}
      : {
          authorizer: authorizerOf(byRef(stack, resource, 'AWS::ApiGatewayV2::Authorizer', route.AuthorizerId), locate),
        }),
  };
}

function byRef(stack: Stack, from: StackResource, type: string, ref: string | undefined): StackResource {
  const found = resourcesOfType(stack, type).find((resource) => resource.ref === ref);
  if (found === undefined) throw new TemplateError(from.logicalId, `there is no ${type} ${ref}`);
  return found;
}

function authorizerOf(resource: StackResource, locate: LocateIssuer): JwtAuthorizer {
  const { IdentitySource, JwtConfiguration } = readProperties(AuthorizerProperties, resource);
  const documentsAt = locate(JwtConfiguration.Issuer);
  return {
    issuer: JwtConfiguration.Issuer,
    audience: JwtConfiguration.Audience,
    identitySource: IdentitySource[0] ?? '',
    ...(documentsAt === undefined ? {} : { documentsAt }),
  };
}

/** Both limits together make a throttle; a template that sets one leaves the other to the account's 10,000 and 5,000. */
function throttleOf({
  ThrottlingRateLimit,
  ThrottlingBurstLimit,
}: z.infer<typeof RouteSettings>): Throttle | undefined {
  if (ThrottlingRateLimit === undefined && ThrottlingBurstLimit === undefined) return undefined;
  return { ratePerSecond: ThrottlingRateLimit ?? 10_000, burst: ThrottlingBurstLimit ?? 5000 };
}

function corsOf(cors: NonNullable<z.infer<typeof ApiProperties>['CorsConfiguration']>): CorsConfiguration {
  return {
    allowCredentials: cors.AllowCredentials,
    allowHeaders: cors.AllowHeaders,
    allowMethods: cors.AllowMethods,
    allowOrigins: cors.AllowOrigins,
    exposeHeaders: cors.ExposeHeaders,
    ...(cors.MaxAge === undefined ? {} : { maxAgeSeconds: cors.MaxAge }),
  };
}
