import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { startAthena } from './athena/athena.ts';
import { rightsAtGate } from './athena/caller-rights.ts';
import { type CloudWatchStandIn, startCloudWatch } from './cloudwatch/cloudwatch.ts';
import { type EventBridgeStandIn, startEventBridge } from './event-bridge/event-bridge.ts';
import { type InvokeFunction, startHttpApi } from './http-api/http-api.ts';
import { invokeAccess } from './iam/services/lambda-accesses.ts';
import { runEventSourceMapping } from './lambda/event-source-mapping.ts';
import { startLambda } from './lambda/lambda.ts';
import { alarmsOfStack } from './machine/alarms-of-stack.ts';
import { catalogOfStack } from './machine/catalog-of-stack.ts';
import { Closing } from './machine/closing.ts';
import { createBuckets } from './machine/create-buckets.ts';
import { createQueues } from './machine/create-queues.ts';
import { createStateMachines } from './machine/create-state-machines.ts';
import { createTables } from './machine/create-tables.ts';
import { deliverToTarget } from './machine/deliver-to-target.ts';
import { findResource } from './machine/find-resource.ts';
import { functionsOfStack } from './machine/functions-of-stack.ts';
import { httpApiOfStack } from './machine/http-api-of-stack.ts';
import { issuerIdentity } from './machine/issuer-identity.ts';
import { KeptPorts } from './machine/kept-ports.ts';
import { localParameters } from './machine/local-parameters.ts';
import { openMachineLog } from './machine/machine-log.ts';
import { MachineRights } from './machine/machine-rights.ts';
import { mappingsOfStack } from './machine/mappings-of-stack.ts';
import { meters, queueMeter } from './machine/meters.ts';
import { roleClients } from './machine/role-clients.ts';
import { routeArn } from './machine/route-arn.ts';
import { rulesOfStack } from './machine/rules-of-stack.ts';
import { sdkClients } from './machine/sdk-clients.ts';
import { type Endpoints, endpointVariables, ownerEnvironment } from './machine/sdk-environment.ts';
import { startStores } from './machine/start-stores.ts';
import { taskIntegrations } from './machine/task-integrations.ts';
import type { Machine } from './machine.ts';
import type { MachineOptions } from './machine-options.ts';
import { startStepFunctions } from './step-functions/step-functions.ts';
import { resolveStack } from './template/resolve-stack.ts';

const ACCOUNT_ID = '111122223333';

/**
 * Runs a synthesized template on this machine: what it states exists, and nothing else. Starting again in the same
 * folder finds buckets, tables and executions as they were; executions under way are taken up again.
 *
 * @throws {TemplateError} naming the resource or parameter that cannot be made. Nothing is left running then.
 */
export async function startMachine(options: MachineOptions): Promise<Machine> {
  const closing = new Closing();
  try {
    return await start(options, closing);
  } catch (error) {
    await closing.close();
    throw error;
  }
}

async function start(options: MachineOptions, closing: Closing): Promise<Machine> {
  const { stackName = 'apportion', region = 'eu-central-1', metricsClock = Date.now } = options;
  const folder = resolve(options.folder);
  const home = { region, accountId: ACCOUNT_ID };
  const source: unknown = JSON.parse(await readFile(options.templateFile, 'utf8'));
  const ports = await KeptPorts.open(folder);
  const log = closing.add(openMachineLog(join(folder, 'logs'), options.onLog));
  const problem = (origin: string) => (line: string) => log.write({ source: origin, stream: 'machine', line });

  // The wires between stand-ins that know each other both ways: nothing goes through them before the template is made.
  let bus: EventBridgeStandIn | undefined;
  let stepFunctionsEndpoint = '';
  let functionVariables: Record<string, string> = {};
  let cloudWatch: CloudWatchStandIn | undefined;
  const metered = meters((metric, value) => cloudWatch?.put(metric, value));

  const rights = new MachineRights(home, options.onAccess);
  const stores = await startStores({ ...home, folder }, ports, rights, closing, (event) => bus?.put(event));
  const { issuer, sqs, dynamoDb, s3, sts } = stores;
  const lambda = await closing.started(
    ports.start('lambda', (port) =>
      startLambda({
        region,
        folder,
        port,
        machineVariables: () => functionVariables,
        ...(options.eventRetrySeconds === undefined ? {} : { eventRetrySeconds: options.eventRetrySeconds }),
        onLine: (written) => {
          metered.line(written);
          log.write({ source: written.functionName, stream: written.stream, line: written.line });
        },
        onInvocation: metered.invocation,
        credentialsOf: ({ name, roleArn }) => rights.credentialsOf('lambda.amazonaws.com', roleArn, name),
        authorize: rights.lambda,
        onDeadLetter: ({ name, roleArn, deadLetterArn = '' }, payload) =>
          deliver(
            { kind: 'role', roleArn, sessionName: name, tags: {} },
            { id: 'dead-letter', arn: deadLetterArn },
            payload,
          ).catch((error: unknown) => problem('lambda')(String(error))),
      }),
    ),
  );
  const invoke: InvokeFunction = async (functionArn, payload, routeKey) => {
    const sourceArn = routeArn(home, api, routeKey);
    const access = invokeAccess(home, functionArn);
    rights.gate.require({ kind: 'service', service: 'apigateway.amazonaws.com', sourceArn }, [access]);
    return lambda.invoke(functionArn, payload);
  };
  const gateway = { invoke, onAnswer: metered.answer };
  const httpApi = await closing.started(
    options.apiPort === undefined
      ? ports.start('http-api', (port) => startHttpApi({ ...gateway, port }))
      : startHttpApi({ ...gateway, port: options.apiPort }),
  );

  const stack = resolveStack(source, {
    ...home,
    stackName,
    parameters: localParameters(source, issuer.endpoint, options.parameters ?? {}),
    urls: { sqs: sqs.endpoint, httpApi: httpApi.endpoint },
  });
  rights.use(stack);
  const functions = functionsOfStack(stack, resolve(options.distFolder));
  const mappings = mappingsOfStack(stack);
  const athena = await closing.started(
    ports.start('athena', (port) =>
      startAthena({
        objects: s3.objects,
        ...catalogOfStack(stack),
        region,
        port,
        folder: join(folder, 'athena'),
        authorize: rights.athena,
        rightsOf: rightsAtGate(rights.gate, home, s3.objects),
        ...(options.athenaEngine === undefined ? {} : { openEngine: options.athenaEngine }),
      }),
    ),
  );
  const eventBridge = await closing.started(
    ports.start('event-bridge', (port) =>
      startEventBridge({
        ...home,
        rules: rulesOfStack(stack),
        deliver: (target, input, sourceArn) =>
          deliver({ kind: 'service', service: 'events.amazonaws.com', sourceArn }, target, input),
        authorize: rights.eventBridge,
        onProblem: problem('event-bridge'),
        port,
      }),
    ),
  );
  const watched = await closing.started(
    ports.start('cloudwatch', (port) =>
      startCloudWatch({
        alarms: alarmsOfStack(stack),
        now: metricsClock,
        onSample: queueMeter(sqs, metricsClock),
        onStateChange: ({ name, description, state }, before) =>
          problem('cloudwatch')(`${name} is ${state}, was ${before}. ${description}`),
        port,
      }),
    ),
  );
  cloudWatch = watched;
  const endpointsBefore = {
    ATHENA: athena.endpoint,
    CLOUDWATCH: watched.endpoint,
    DYNAMODB: dynamoDb.endpoint,
    EVENTBRIDGE: eventBridge.endpoint,
    LAMBDA: lambda.endpoint,
    S3: s3.endpoint,
    SQS: sqs.endpoint,
    STS: sts.endpoint,
  };
  const clients = closing.add(sdkClients(endpointsBefore, region));
  const { clientsOf, ...ofRoles } = roleClients(
    rights,
    () => ({ ...endpointsBefore, SFN: stepFunctionsEndpoint }),
    region,
  );
  closing.add(ofRoles);
  const stepFunctions = await closing.started(
    ports.start('step-functions', (port) =>
      startStepFunctions({
        ...home,
        folder: join(folder, 'step-functions'),
        integrations: taskIntegrations({ home, stack, rights, clientsOf, lambda, putEvents: eventBridge.putEvents }),
        authorize: rights.stepFunctions,
        onStatusChange: (event) => {
          metered.execution(event);
          return bus?.put(event);
        },
        resumeAtStart: false,
        port,
      }),
    ),
  );
  stepFunctionsEndpoint = stepFunctions.endpoint;
  const endpoints: Endpoints = { ...endpointsBefore, SFN: stepFunctions.endpoint };
  const sfnClient = clients.stepFunctionsAt(stepFunctions.endpoint);
  const deliver = deliverToTarget({ stack, home, rights, sqs: clients.sqs, lambda, clientsOf });

  createBuckets(stack, s3);
  await Promise.all([
    createTables(stack, clients.dynamoDb),
    createQueues(stack, clients.sqs),
    createStateMachines(stack, sfnClient),
  ]);
  functionVariables = endpointVariables(endpoints);
  for (const configuration of functions) lambda.deploy(configuration);
  const identity = issuerIdentity(stack, issuer.endpoint, region);
  const tokens = await issuer.actAs(identity);
  const api = httpApiOfStack(stack, ACCOUNT_ID, (name) => (name === identity.issuer ? issuer.endpoint : undefined));
  if (api !== undefined) httpApi.configure(api);
  await ports.save();
  bus = eventBridge;
  for (const mapping of mappings)
    closing.add(
      runEventSourceMapping(
        mapping,
        clientsOf('lambda.amazonaws.com', mapping.roleArn).sqs,
        lambda,
        problem('event-source-mapping'),
      ),
    );
  stepFunctions.resume();

  return {
    apiUrl: httpApi.endpoint,
    region,
    issuer: tokens,
    endpoints,
    stack,
    outputs: stack.outputs,
    resources: stack.resources,
    s3,
    dynamoDb,
    sqs,
    stepFunctions,
    athena,
    cloudWatch: watched,
    lambda,
    eventBridge,
    rights,
    resource: (type, logicalIdStart) => findResource(stack, type, logicalIdStart),
    environment: () => ownerEnvironment(endpoints, region),
    close: () => closing.close(),
  };
}
