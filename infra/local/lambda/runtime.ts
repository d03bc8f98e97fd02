/**
 * The program of one execution environment: what AWS's runtime interface client is to a function. It runs in a process
 * of its own, whose environment, working folder and memory are the function's; `execution-environment.ts` starts it
 * with the folder of the code, the handler and the project's folder as arguments.
 */
import { existsSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { InvokeMessage, ReportedError, RuntimeMessage } from './runtime-messages.ts';

type Handler = (event: unknown, context: object) => unknown;

const [codeFolder = '', handlerName = '', projectFile = ''] = process.argv.slice(2);

function send(message: RuntimeMessage): void {
  process.send?.(message);
}

/** The shape in which the Node runtime reports what was thrown: the error's own name, message and stack lines. */
function report(thrown: unknown, errorType?: string): ReportedError {
  if (thrown instanceof Error)
    return {
      errorType: errorType ?? thrown.name,
      errorMessage: errorType === undefined ? thrown.message : String(thrown),
      trace: (thrown.stack ?? '').split('\n'),
    };
  return { errorType: errorType ?? typeof thrown, errorMessage: String(thrown), trace: [] };
}

/**
 * A bundle carries DuckDB's binding for the processor of the template. Where this machine has another one, the
 * project's own binding is taken instead; nothing else is resolved outside the bundle.
 */
function useHostBinding(): void {
  const fromProject = createRequire(projectFile);
  registerHooks({
    resolve: (specifier, context, next) => {
      try {
        return next(specifier, context);
      } catch (error) {
        if (!specifier.startsWith('@duckdb/')) throw error;
        return next(pathToFileURL(fromProject.resolve(specifier)).href, context);
      }
    },
  });
}

async function loadHandler(): Promise<Handler> {
  const dot = handlerName.lastIndexOf('.');
  const [file, name] = [handlerName.slice(0, dot), handlerName.slice(dot + 1)];
  const path = ['.mjs', '.js', '.cjs'].map((suffix) => join(codeFolder, file + suffix)).find(existsSync);
  if (path === undefined)
    throw Object.assign(new Error(`Cannot find module '${file}'`), { name: 'Runtime.ImportModuleError' });
  const module: Record<string, unknown> = await import(pathToFileURL(path).href);
  const handler = module[name];
  if (typeof handler !== 'function')
    throw Object.assign(new Error(`${handlerName} is undefined or not exported`), { name: 'Runtime.HandlerNotFound' });
  return (event, context) => handler(event, context);
}

async function invoke(handler: Handler, message: InvokeMessage): Promise<void> {
  const { requestId, deadline } = message;
  process.env._X_AMZN_TRACE_ID = message.traceId;
  const context = {
    ...message.context,
    awsRequestId: requestId,
    functionVersion: '$LATEST',
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(deadline - Date.now(), 0),
  };
  try {
    const result = await handler(JSON.parse(message.payload), context);
    send({ kind: 'result', requestId, payload: JSON.stringify(result) ?? 'null' });
  } catch (error) {
    send({ kind: 'error', requestId, error: report(error) });
  }
}

/** Sends the last word and ends at once: native queries that are under way must not hold the process. */
function crash(error: ReportedError): void {
  process.send?.({ kind: 'crash', error } satisfies RuntimeMessage, () => process.kill(process.pid, 'SIGKILL'));
}

process.on('uncaughtException', (error) => crash(report(error)));
process.on('unhandledRejection', (reason) => crash(report(reason, 'Runtime.UnhandledPromiseRejection')));
// Ctrl-C reaches the whole process group; only the machine decides when an environment ends.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

useHostBinding();
try {
  const handler = await loadHandler();
  process.on('message', (message: InvokeMessage) => void invoke(handler, message));
  send({ kind: 'ready' });
} catch (error) {
  const missing = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';
  send({ kind: 'init-error', error: report(error, missing ? 'Runtime.ImportModuleError' : undefined) });
}
