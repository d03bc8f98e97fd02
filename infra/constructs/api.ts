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
import { REQUEST_TIMEOUT_SECONDS, WORKER_TIMEOUT_SECONDS } from './time-outs.ts';
import { WorkQueue } from './work-queue.ts';

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

/** At most two at once, the least Lambda takes: a preview is a person's act. */
const PREVIEWS_AT_ONCE = 2;

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
  readonly previewJob: ApportionFunction;
  /** Previews of more rows than a request has time for. */
  readonly previews: WorkQueue;

  constructor(scope: Construct, id: string, props: ApiProps) {
    super(scope, id);
    this.api = this.#apiFunction(props);
    this.previews = new WorkQueue(this, 'Previews', 'previews', WORKER_TIMEOUT_SECONDS);
    this.previewRules = this.#previewFunction('preview-rules', props, REQUEST_TIMEOUT_SECONDS);
    this.previews.grantSend(this.previewRules, ENV.previewsQueueUrl);
    this.previewRules.setEnvironment({
      [ENV.firstPartnerSubject]: props.setting.parameters.firstPartnerSubject.valueAsString,
    });
    this.previewJob = this.#previewFunction('preview-job', props, WORKER_TIMEOUT_SECONDS);
    this.previews.feed(this.previewJob, PREVIEWS_AT_ONCE);
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
    new HttpRoute(this, 'PreviewJobs', {
      httpApi,
      routeKey: HttpRouteKey.with(pathOf(ROUTES.getPreview), HttpMethod.GET),
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
    storage.lake.grantWrite(fn, ['frozenConfigs']);
    intakeQueue.grantSend(fn, ENV.intakeQueueUrl);
    additionsQueue.grantSend(fn, ENV.additionsQueueUrl);
    listsQueue.grantSend(fn, ENV.listsQueueUrl);
    fn.setEnvironment({ [ENV.firstPartnerSubject]: setting.parameters.firstPartnerSubject.valueAsString });
    customerReaderRole(this, fn, storage);
    partnerReaderRole(this, fn, storage);
    return fn;
  }

  /** Prices published rows with the rules changed, in memory; writes nothing but what a job says of itself. */
  #previewFunction(
    name: 'preview-rules' | 'preview-job',
    { setting, storage }: ApiProps,
    timeoutSeconds: number,
  ): ApportionFunction {
    const fn = new ApportionFunction(this, name, setting, timeoutSeconds);
    storage.registry.grant(fn, ['GetItem', 'Query']);
    storage.runs.grant(fn, ['BatchGetItem', 'Query']);
    storage.lake.grantRead(fn, ['summaries', 'ledgers', 'publishedForPartner', 'previews', 'frozenConfigs']);
    storage.lake.grantList(fn, ['publishedForPartner', 'previews']);
    storage.lake.grantWrite(fn, ['previews']);
    return fn;
  }
}

/** The path of `METHOD /path`. */
function pathOf(route: string): string {
  return route.slice(route.indexOf(' ') + 1);
}
