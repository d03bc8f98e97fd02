import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { patientTrino } from './patient-trino.ts';
import { trinoClient } from './trino-client.ts';

let server: Server | undefined;
afterEach(() => server?.close());

/** A Trino that says these pages, one for each request, the last one from then on. */
async function trinoThatSays(...pages: readonly object[]) {
  let asked = 0;
  server = createServer((_, response) => {
    response.end(JSON.stringify(pages[Math.min(asked, pages.length - 1)]));
    asked += 1;
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { trino: patientTrino(trinoClient(`http://127.0.0.1:${port}`)), asked: () => asked };
}

const failing = (errorName: string) => ({ error: { errorName, message: errorName } });
const ONE = { columns: [{ name: 'one', type: 'integer' }], data: [[1]] };

test('a statement that finds no node to run on is posted again until there is one', async () => {
  const { trino, asked } = await trinoThatSays(failing('NO_NODES_AVAILABLE'), failing('NO_NODES_AVAILABLE'), ONE);
  expect(await trino('SELECT 1 AS one')).toEqual({ columns: ONE.columns, rows: [['1']], updateCount: 0 });
  expect(asked()).toBe(3);
});

test('a statement that Trino does not take is not posted again', async () => {
  const { trino, asked } = await trinoThatSays(failing('COMPILER_ERROR'), ONE);
  await expect(trino('SELECT 1 AS one')).rejects.toMatchObject({ code: 'COMPILER_ERROR' });
  expect(asked()).toBe(1);
});
