import type { IncomingHttpHeaders, Server } from 'node:http';
import { Readable } from 'node:stream';
import dynalite from 'dynalite';
import { z } from 'zod';
import { DynamoDbProblem } from './dynamodb-problem.ts';

/** An answer as it goes over the wire. */
export interface WireAnswer {
  readonly status: number;
  readonly body: string;
}

/** Runs one operation and gives its answer parsed; an error answer is thrown as a DynamoDbProblem. */
export type DynamoDbCall = (operation: string, input: object) => Promise<unknown>;

const ErrorBody = z
  .looseObject({ __type: z.string(), message: z.string().optional(), Message: z.string().optional() })
  .transform(({ __type, message, Message, ...details }) => ({
    type: __type,
    message: message ?? Message ?? '',
    details,
  }));

/** Signed by anybody: dynalite only looks whether there is a signature. */
const OWN_HEADERS: IncomingHttpHeaders = {
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-date': '20120810T000000Z',
  authorization:
    'AWS4-HMAC-SHA256 Credential=stand-in/20120810/x/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
};

/**
 * dynalite with the wire in our hands: its request listener is taken off its server and called with requests made
 * here, so that reading a slow client's body never holds a lock, and a transaction's steps cost no sockets.
 */
export class DynaliteEngine {
  /** Closing it closes the database too, which dynalite does only for a server that listens. */
  readonly server: Server;
  readonly #listeners: readonly ((...request: unknown[]) => unknown)[];
  #isRefusing = false;

  /** @param folder LevelDB's own; memory when absent. */
  constructor(folder: string | undefined) {
    const waits = { createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 };
    this.server = dynalite({ ...waits, ...(folder === undefined ? {} : { path: folder }) });
    this.#listeners = this.server.listeners('request').map((listener) => listener.bind(this.server));
    this.server.removeAllListeners('request');
  }

  /** Answers nothing from now on: dynalite without its database throws where nobody can catch it. */
  refuse(): void {
    this.#isRefusing = true;
  }

  /** Gives a request to dynalite as it came. */
  async send(headers: IncomingHttpHeaders, body: string): Promise<WireAnswer> {
    if (this.#isRefusing) throw new Error('the tables are closed');
    const chunks = body === '' ? [] : [Buffer.from(body)];
    const request = Object.assign(Readable.from(chunks), { method: 'POST', url: '/', headers });
    return await new Promise((resolve) => {
      const response = {
        statusCode: 200,
        setHeader: () => {},
        end: (text = '') => resolve({ status: response.statusCode, body: text }),
      };
      for (const listener of this.#listeners) listener(request, response);
    });
  }

  readonly call: DynamoDbCall = async (operation, input) => {
    const headers = { ...OWN_HEADERS, 'x-amz-target': `DynamoDB_20120810.${operation}` };
    const { status, body } = await this.send(headers, JSON.stringify(input));
    const answer: unknown = JSON.parse(body);
    if (status === 200) return answer;
    const { type, message, details } = ErrorBody.parse(answer);
    throw new DynamoDbProblem(type, message, details);
  };
}
