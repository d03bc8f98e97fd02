import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { AccessDenied, UnknownCaller } from '../iam/access-denied.ts';
import { type AuthorizeCall, anybody } from '../iam/authorize-call.ts';
import { signedBy } from '../iam/signed-by.ts';
import { type StandIn, serve } from '../stand-in.ts';
import { type Clock, systemClock } from '../step-functions/clock.ts';
import { type BusEvent, newEvent } from './event.ts';
import type { Rule, RuleTarget } from './rule.ts';
import { targetInput } from './target-input.ts';

/** One entry of PutEvents; `Detail` is JSON text of an object. The first three are required, each by itself. */
const PutEventsEntry = z.object({
  Source: z.string().optional(),
  DetailType: z.string().optional(),
  Detail: z.string().optional(),
  Resources: z.array(z.string()).readonly().optional(),
  EventBusName: z.string().optional(),
  Time: z.unknown().optional(),
});
type PutEventsEntry = z.infer<typeof PutEventsEntry>;

/** What PutEvents answers for each entry: an id, or why it was refused. */
type PutEventsResult = { readonly EventId: string } | { readonly ErrorCode: string; readonly ErrorMessage: string };

/** EventBridge: rules over events and schedules. */
export interface EventBridgeStandIn extends StandIn {
  /** Gives an event to the rules of a bus; resolves when all targets were tried. */
  put(event: BusEvent, busName?: string): Promise<void>;
  /** The PutEvents operation. */
  putEvents(entries: readonly PutEventsEntry[]): Promise<readonly PutEventsResult[]>;
  /** Fires a schedule now, as if its time had come; resolves when all targets were tried. */
  fireSchedule(ruleName: string): Promise<void>;
}

/** Hands a rule's input to what an ARN names. @throws where there is no such target or it refuses. */
export type Deliver = (target: RuleTarget, input: string, ruleArn: string) => Promise<void>;

/** What the rules need of the machine. */
export interface EventBridgeOptions {
  readonly rules: readonly Rule[];
  readonly deliver: Deliver;
  readonly region: string;
  readonly accountId: string;
  /** Told of every event that a target did not take, and why. */
  readonly onProblem: (problem: string) => void;
  readonly clock?: Clock;
  readonly port?: number;
  /** Asked before each call of PutEvents over HTTP; everybody may when it is absent. */
  readonly authorize?: AuthorizeCall;
}

/** Starts the bus and the schedules of all enabled rules; a rate's first time is one period from now. */
export async function startEventBridge(options: EventBridgeOptions): Promise<EventBridgeStandIn> {
  const { rules, clock = systemClock, region, accountId, authorize = anybody } = options;
  const stopped = new AbortController();

  const deliver = async (rule: Rule, target: RuleTarget, event: BusEvent): Promise<void> => {
    const input = targetInput(target, event, rule);
    try {
      await options.deliver(target, input, rule.arn);
    } catch (error) {
      if (stopped.signal.aborted) return;
      options.onProblem(`rule ${rule.name} could not reach ${target.arn}: ${String(error)}`);
      if (target.deadLetterArn !== undefined)
        await options
          .deliver({ id: target.id, arn: target.deadLetterArn }, input, rule.arn)
          .catch((problem: unknown) => options.onProblem(`rule ${rule.name}, dead letters: ${String(problem)}`));
    }
  };
  const give = async (rule: Rule, event: BusEvent) => {
    await Promise.all(rule.targets.map((target) => deliver(rule, target, event)));
  };
  const fire = (rule: Rule) =>
    give(
      rule,
      newEvent(
        { source: 'aws.events', 'detail-type': 'Scheduled Event', resources: [rule.arn], detail: {} },
        { region, accountId, now: clock.now() },
      ),
    );
  const keepTime = async (rule: Rule): Promise<void> => {
    let from = clock.now();
    while (!stopped.signal.aborted && rule.schedule !== undefined) {
      const at = rule.schedule(from);
      if (at === Number.POSITIVE_INFINITY) return;
      await clock.sleep(at - clock.now(), stopped.signal);
      from = at;
      await fire(rule);
    }
  };
  const put = async (event: BusEvent, busName = 'default') => {
    const met = rules.filter((rule) => rule.enabled && rule.busName === busName && rule.pattern?.(event) === true);
    await Promise.all(met.map((rule) => give(rule, event)));
  };
  const putEvents = (entries: readonly PutEventsEntry[]) =>
    Promise.all(
      entries.map(async (entry): Promise<PutEventsResult> => {
        const { Source: source, DetailType: detailType, Resources: resources = [] } = entry;
        if (source === undefined || detailType === undefined || entry.Detail === undefined)
          return { ErrorCode: 'InvalidArgument', ErrorMessage: 'Source, DetailType and Detail are required.' };
        if (source.startsWith('aws.'))
          return {
            ErrorCode: 'NotAuthorizedForSourceException',
            ErrorMessage: `Not authorized for the source ${source}.`,
          };
        const detail = parseDetail(entry.Detail);
        if (detail === undefined) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
        const event = newEvent(
          { source, 'detail-type': detailType, detail, resources },
          { region, accountId, now: clock.now() },
        );
        await put(event, entry.EventBusName?.split('/').at(-1));
        return { EventId: event.id };
      }),
    );
  for (const rule of rules) if (rule.enabled && rule.schedule !== undefined) void keepTime(rule).catch(() => undefined);
  const server = await serve((request, response) => void answer(putEvents, authorize, request, response), options.port);
  return {
    endpoint: server.endpoint,
    put,
    putEvents,
    fireSchedule: async (ruleName) => {
      const rule = rules.find(({ name }) => name === ruleName);
      if (rule === undefined) throw new Error(`there is no rule ${ruleName}`);
      await fire(rule);
    },
    close: async () => {
      stopped.abort();
      await server.close();
    },
  };
}

function parseDetail(text: string): object | undefined {
  try {
    const detail: unknown = JSON.parse(text);
    return typeof detail === 'object' && detail !== null && !Array.isArray(detail) ? detail : undefined;
  } catch {
    return undefined;
  }
}

const PutEventsRequest = z.object({ Entries: z.array(PutEventsEntry).min(1).max(10) });

/** `AWSEvents.PutEvents` in the JSON 1.1 protocol, the one operation that runs here. */
async function answer(
  putEvents: EventBridgeStandIn['putEvents'],
  authorize: AuthorizeCall,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const reply = (statusCode: number, body: object) =>
    response
      .writeHead(statusCode, { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomUUID() })
      .end(JSON.stringify(body));
  try {
    if (request.headers['x-amz-target'] !== 'AWSEvents.PutEvents') {
      reply(400, { __type: 'UnknownOperationException', message: 'Only PutEvents runs on this machine' });
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    authorize(signedBy(request.headers), 'PutEvents', body);
    const parsed = PutEventsRequest.safeParse(body);
    if (!parsed.success) {
      reply(400, { __type: 'ValidationException', message: z.prettifyError(parsed.error) });
      return;
    }
    const entries = await putEvents(parsed.data.Entries);
    reply(200, { FailedEntryCount: entries.filter((entry) => 'ErrorCode' in entry).length, Entries: entries });
  } catch (error) {
    if (error instanceof AccessDenied) reply(400, { __type: 'AccessDeniedException', message: error.message });
    else if (error instanceof UnknownCaller)
      reply(400, { __type: 'UnrecognizedClientException', message: error.message });
    else reply(500, { __type: 'InternalException', message: String(error) });
  }
}
