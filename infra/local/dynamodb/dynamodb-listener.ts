import type { IncomingMessage, RequestListener } from 'node:http';
import { z } from 'zod';
import { AccessDenied, UnknownCaller } from '../iam/access-denied.ts';
import type { AuthorizeCall } from '../iam/authorize-call.ts';
import { signedBy } from '../iam/signed-by.ts';
import { readRequest } from '../read-request.ts';
import type { DynaliteEngine, WireAnswer } from './dynalite-engine.ts';
import { DynamoDbProblem, dynamoDbProblem, validationProblem } from './dynamodb-problem.ts';
import type { Operations } from './operations.ts';
import type { SharedLock } from './shared-lock.ts';

const TARGET = /^DynamoDB_20120810\.(\w+)$/;

/** What is no JSON is the engine's to refuse, in DynamoDB's words. */
function parsedOrNothing(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function problemOf(error: unknown): { status: number; problem: DynamoDbProblem } {
  if (error instanceof DynamoDbProblem) return { status: 400, problem: error };
  if (error instanceof AccessDenied) return { status: 400, problem: coralProblem('AccessDeniedException', error) };
  if (error instanceof UnknownCaller)
    return { status: 400, problem: coralProblem('UnrecognizedClientException', error) };
  if (error instanceof z.ZodError) return { status: 400, problem: validationProblem(z.prettifyError(error)) };
  const message = error instanceof Error ? error.message : String(error);
  return { status: 500, problem: dynamoDbProblem('InternalServerError', message) };
}

const coralProblem = (name: string, { message }: Error): DynamoDbProblem =>
  new DynamoDbProblem(`com.amazon.coral.service#${name}`, message);

/** DynamoDB's JSON protocol: our own operations by name, everything else as it comes to dynalite. */
export function dynamoDbListener(
  engine: DynaliteEngine,
  lock: SharedLock,
  operations: Operations,
  authorize: AuthorizeCall,
): RequestListener {
  async function answerTo(request: IncomingMessage): Promise<WireAnswer> {
    try {
      const body = await readRequest(request);
      const name = TARGET.exec(request.headers['x-amz-target']?.toString() ?? '')?.[1] ?? '';
      const operation = operations[name];
      const isSigned = request.headers.authorization !== undefined;
      if (isSigned) authorize(signedBy(request.headers), name, parsedOrNothing(body));
      if (operation === undefined || !isSigned) return await lock.shared(() => engine.send(request.headers, body));
      return { status: 200, body: JSON.stringify(await operation(JSON.parse(body))) };
    } catch (error) {
      const { status, problem } = problemOf(error);
      return { status, body: JSON.stringify({ __type: problem.type, message: problem.message, ...problem.details }) };
    }
  }
  return async (request, response) => {
    const { status, body } = await answerTo(request);
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(body);
  };
}
