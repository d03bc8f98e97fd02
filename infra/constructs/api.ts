import { Fn, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { ENV } from '../../lib/names/environment.ts';
import { ROUTES } from '../../lib/names/routes.ts';
import { ApportionFunction, type FunctionSetting } from './apportion-function.ts';
import { customerReaderRole } from './customer-reader.ts';
import type { Identity } from './identity.ts';
import { partnerReaderRole } from './partner-reader.ts';
import type { Storage } from './storage.ts';
import { REQUEST_TIMEOUT_SECONDS } from './time-outs.ts';
import type { WorkQueue } from './work-queue.ts';

/** What the API is given. */
export interface ApiProps {
  readonly setting: FunctionSetting;
  readonly storage: Storage;
  readonly identity: Identity;
  readonly intakeQueue: WorkQueue;
  readonly additionsQueue: WorkQueue;
  readonly listsQueue: WorkQueue;
}

/** Requests a second that the whole deployment takes; a portal's page asks for a dozen things at once. */
const THROTTLE = { rateLimit: 100, burstLimit: 200 };

/** What is known of a request, without its token or body. */
const LOGGED = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  route: '$context.routeKey',
  status: '$context.status',
  latencyMilliseconds: '$context.responseLatency',
  bytes: '$context.responseLength',
  gatewayError: '$context.error.message',
  authorizerError: '$context.authorizer.error',
  integrationError: '$context.integrationErrorMessage',
};

/** The HTTP API: every path and method leads to the api function, which answers 404 and 405 itself. */
export class Api extends Construct {
  readonly http: HttpApi;
  readonly url: string;
  readonly api: ApportionFunction;
  readonly previewRules: ApportionFunction;

  constructor(scope: Construct, id: string, props: ApiProps) {
    super(scope, id);
    this.api = this.#apiFunction(props);
    this.previewRules = this.#previewFunction(props);
    this.http = new HttpApi(this, 'Http', {
      apiName: Fn.sub('${AWS::StackName}'),
      description: 'Apportion: customers, assignments, rules, deliveries, runs and costs.',
      createDefaultStage: false,
    });
    const stage = new HttpStage(this, 'Stage', {
      httpApi: this.http,
      autoDeploy: true,
      throttle: THROTTLE,
      accessLogSettings: {
        destination: new LogGroupLogDestination(
          new LogGroup(this, 'AccessLog', { retention: RetentionDays.SIX_MONTHS, removalPolicy: RemovalPolicy.RETAIN }),
        ),
        format: AccessLogFormat.custom(JSON.stringify(LOGGED)),
      },
    });
    this.url = stage.url;
    this.#addRoutes(props.identity);
  }

  #addRoutes(identity: Identity): void {
    const authorizer = new HttpJwtAuthorizer('Jwt', identity.issuer, { jwtAudience: [identity.clientId] });
    const integration = new HttpLambdaIntegration('ApiIntegration', this.api.lambda);
    const preview = new HttpLambdaIntegration('PreviewIntegration', this.previewRules.lambda);
    const httpApi = this.http;
    new HttpRoute(this, 'Everything', { httpApi, routeKey: HttpRouteKey.DEFAULT, integration, authorizer });
    new HttpRoute(this, 'Preview', {
      httpApi,
      routeKey: HttpRouteKey.with(pathOf(ROUTES.previewRules), HttpMethod.POST),
      integration: preview,
      authorizer,
    });
    for (const [name, route] of Object.entries({ OpenApi: ROUTES.openApi, Docs: ROUTES.docs })) {
      const open = new HttpRoute(this, name, {
        httpApi,
        routeKey: HttpRouteKey.with(pathOf(route), HttpMethod.GET),
        integration,
        authorizer: new HttpNoneAuthorizer(),
      });
      Validations.of(open).acknowledge({
        id: 'AwsSolutions-APIG4',
        reason:
          'The contract is the product’s, the same for every partner: who writes a client reads it without a token.',
      });
    }
  }

  /** All of the API but previews. It has no grant on results: it reads them as CustomerReader or PartnerReader. */
  #apiFunction({ setting, storage, intakeQueue, additionsQueue, listsQueue }: ApiProps): ApportionFunction {
    const fn = new ApportionFunction(this, 'api', setting, REQUEST_TIMEOUT_SECONDS);
    storage.registry.grant(fn, ['DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem']);
    storage.runs.grant(fn, ['BatchGetItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem']);
    storage.runs.grantList(fn);
    // Records are added and stay as they were written.
    storage.audit.grant(fn, ['PutItem']);
    storage.lake.grantRead(fn, ['summaries', 'additionsSummaries', 'publications', 'plans']);
    intakeQueue.grantSend(fn, ENV.intakeQueueUrl);
    additionsQueue.grantSend(fn, ENV.additionsQueueUrl);
    listsQueue.grantSend(fn, ENV.listsQueueUrl);
    fn.setEnvironment({ [ENV.firstPartnerSubject]: setting.parameters.firstPartnerSubject.valueAsString });
    customerReaderRole(this, fn, storage);
    partnerReaderRole(this, fn, storage);
    return fn;
  }

  /** Prices the last published rows with one rule changed, in memory; writes nothing. */
  #previewFunction({ setting, storage }: ApiProps): ApportionFunction {
    const fn = new ApportionFunction(this, 'preview-rules', setting, REQUEST_TIMEOUT_SECONDS);
    storage.registry.grant(fn, ['GetItem', 'Query']);
    storage.runs.grant(fn, ['BatchGetItem', 'Query']);
    storage.lake.grantRead(fn, ['summaries', 'ledgers', 'publishedForPartner']);
    storage.lake.grantList(fn, ['publishedForPartner']);
    fn.setEnvironment({ [ENV.firstPartnerSubject]: setting.parameters.firstPartnerSubject.valueAsString });
    return fn;
  }
}

/** The path of `METHOD /path`. */
function pathOf(route: string): string {
  return route.slice(route.indexOf(' ') + 1);
}
