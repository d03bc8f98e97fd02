import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LOCAL } from '../../infra/cli/local-names.ts';
import { createSampleFile, SAMPLE } from '../../infra/cli/sample.ts';
import { openApiDocument } from '../../lib/contracts/openapi-document.ts';
import { sampleConfig } from '../../lib/sample-bill/sample-config.ts';
import { propertiesOf } from '../journeys/edited-template.ts';
import { openEdited } from '../journeys/open-edited.ts';
import type { Product } from '../journeys/open-product.ts';
import { withConditionsOnce } from './api/conditions-once.ts';
import { compiledTypes, redocly } from './api/document-judges.ts';
import { schemathesis } from './api/schemathesis.ts';
import { judged, planted } from './judged.ts';
import { JUDGES } from './judges.ts';

const committed = readFileSync(join(import.meta.dirname, '../../docs/openapi.json'), 'utf8');

/** A fresh copy of the document, to plant something in. */
const document = () => JSON.parse(committed);

describe('redocly', () => {
  test(
    'finds nothing in the document under its strictest rules',
    judged(JUDGES.redocly, 'docs/openapi.json', async () => {
      expect(await redocly(document())).toEqual([]);
      return { count: `${Object.keys(document().paths).length} paths` };
    }),
  );

  test(
    'finds an operation without its 4xx answers',
    planted(JUDGES.redocly, 'an operation that never fails', async () => {
      const planted = document();
      const { responses } = planted.paths['/v1/customers'].get;
      planted.paths['/v1/customers'].get.responses = { '200': responses['200'] };
      expect(await redocly(planted)).toEqual([expect.stringContaining('operation-4xx-response')]);
    }),
  );
});

describe('openapi-typescript', () => {
  test(
    'makes types that compile strictly, and that a client can use',
    judged(JUDGES.openapiTypescript, 'docs/openapi.json', async () => ({
      count: `${await compiledTypes(document())} lines of types`,
    })),
  );

  test(
    'makes types that do not compile with a client of a field that is no more',
    planted(JUDGES.openapiTypescript, 'a customer without a name', async () => {
      const text = committed.replaceAll('"name"', '"title"');
      await expect(compiledTypes(JSON.parse(text))).rejects.toThrow(/Property 'name' does not exist/);
    }),
  );
});

describe('schemathesis', () => {
  let product: Product;
  let question: { apiUrl: string; token: string };

  beforeAll(async () => {
    product = await openEdited({ edit: withoutThrottle });
    await product.configure(sampleConfig(SAMPLE.period));
    await product.connect(SAMPLE.integrationId);
    await product.receive(SAMPLE.integrationId, '2025-03.csv', readFileSync(await createSampleFile(product.folder)));
    await product.published();
    const token = await product.machine.issuer.accessToken({ sub: LOCAL.partnerSubject });
    question = { apiUrl: product.machine.apiUrl, token };
  });
  afterAll(() => product?.close());

  test(
    'finds a status that is not documented',
    planted(JUDGES.schemathesis, 'an undocumented status', async () => {
      const planted = openApiDocument(question.apiUrl);
      delete planted.paths?.['/v1/customers/{customerId}']?.get?.responses?.['404'];
      const operation = 'GET /v1/customers/{customerId}';
      const { failures } = await schemathesis({ ...question, document: planted, operation, phases: ['fuzzing'] });
      expect(failures).toContain('ST103 Undocumented status code');
      expect(failures).toContain('Received: 404');
    }),
  );

  // Last: what it makes up changes what the server holds.
  test(
    'finds no answer that is not as documented',
    judged(JUDGES.schemathesis, 'every operation on a fresh machine with the sample', async () => {
      const phases = ['examples', 'coverage', 'fuzzing', 'stateful'] as const;
      const document = withConditionsOnce(openApiDocument(question.apiUrl));
      const { failures, cases, operations } = await schemathesis({ ...question, document, phases });
      expect(failures).toBe('');
      // How many it makes up moves a little with what the server answers; the page need not.
      return { count: `${operations} operations, over ${Math.floor(cases / 100) * 100} requests` };
    }),
  );
});

/** The gateway's throttle is not what is judged here, and a judge asks faster than anybody. */
function withoutThrottle(template: Parameters<typeof propertiesOf>[0]): void {
  const stage = propertiesOf(template, 'AWS::ApiGatewayV2::Stage', 'ApiStage');
  stage.DefaultRouteSettings = { ThrottlingRateLimit: 100_000, ThrottlingBurstLimit: 100_000 };
}
