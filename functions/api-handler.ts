import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { captureLambdaHandler } from '@aws-lambda-powertools/tracer/middleware';
import middy from '@middy/core';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { answerProblem } from '../lib/api/answer-problem.ts';
import type { HttpAnswer, HttpRequest } from '../lib/api/http.ts';
import { Problem } from '../lib/domain/problem.ts';
import { type ApiEvent, requestOf, resultOf } from './http-event.ts';
import { logger, tracer } from './telemetry.ts';

/**
 * A Lambda handler behind the HTTP API. What `serve` throws is our own fault: logged whole, answered with a reference
 * to the log line and nothing else.
 */
export function apiHandler(serve: (request: HttpRequest) => Promise<HttpAnswer>) {
  return middy<ApiEvent, APIGatewayProxyStructuredResultV2>()
    .use(captureLambdaHandler(tracer, { captureResponse: false }))
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .handler(async (event, { awsRequestId }) => {
      try {
        const answer = await serve(requestOf(event));
        const { method, path } = event.requestContext.http;
        logger.info('answered', { method, path, status: answer.status });
        return resultOf(answer);
      } catch (error) {
        if (error instanceof Problem) return resultOf(answerProblem(error));
        logger.error('broke off', error instanceof Error ? error : new Error(String(error)));
        return resultOf(answerProblem(new Problem('internal', { reference: awsRequestId })));
      }
    });
}
