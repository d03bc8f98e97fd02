import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { bundleFunctions } from '../../infra/bundle.ts';
import type { CustomerId } from '../../lib/domain/ids.ts';
import { LAKE } from '../../lib/names/lake-keys.ts';
import { OUTPUTS } from '../../lib/names/outputs.ts';
import { bundleOf } from '../infra/local/lambda/bundle-of.ts';
import { type EditedTemplate, idOf } from '../journeys/edited-template.ts';
import { openEdited } from '../journeys/open-edited.ts';
import type { Product } from '../journeys/open-product.ts';
import { publishFirstBill } from './journey/first-bill.ts';

const PROJECT = join(import.meta.dirname, '../..');
/** Inside the project, so that the code finds the SDK. */
const SCRATCH = join(PROJECT, 'node_modules/.cache/iam-tests');

/** Code that asks, in one customer's session, for whatever it is told to: what the API's own would do with a defect. */
const CURIOUS = `
  import { AthenaClient, GetQueryExecutionCommand, StartQueryExecutionCommand } from '@aws-sdk/client-athena';
  import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
  import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
  import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
  const env = process.env;
  const does = {
    object: async (credentials, { key }) => {
      const { Body } = await new S3Client({ credentials }).send(new GetObjectCommand({ Bucket: env.LAKE_BUCKET, Key: key }));
      return (await Body.transformToByteArray()).length > 0;
    },
    list: async (credentials, { prefix }) =>
      (await new S3Client({ credentials }).send(new ListObjectsV2Command({ Bucket: env.LAKE_BUCKET, Prefix: prefix }))).KeyCount > 0,
    rows: async (credentials, { statement }) => {
      const athena = new AthenaClient({ credentials });
      const request = { QueryString: statement, WorkGroup: env.WORKGROUP_NAME, QueryExecutionContext: { Database: env.DATABASE_NAME } };
      const { QueryExecutionId } = await athena.send(new StartQueryExecutionCommand(request));
      for (;;) {
        const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId }));
        const { State, StateChangeReason } = QueryExecution.Status;
        if (State === 'SUCCEEDED') return true;
        if (State === 'FAILED') throw new Error(StateChangeReason);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
    record: async (credentials, { pk }) => {
      const Key = { pk: { S: pk }, sk: { S: 'PROFILE' } };
      const { Item } = await new DynamoDBClient({ credentials }).send(new GetItemCommand({ TableName: env.REGISTRY_TABLE, Key }));
      return Item !== undefined;
    },
  };
  export const handler = async ({ as, what, ...wish }) => {
    try {
      const Tags = as === undefined ? [] : [{ Key: 'customer', Value: as }];
      const request = { RoleArn: env.CUSTOMER_READER_ROLE_ARN, RoleSessionName: 'curious', Tags };
      const { Credentials } = await new STSClient({}).send(new AssumeRoleCommand(request));
      const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = Credentials;
      return { found: await does[what]({ accessKeyId, secretAccessKey, sessionToken }, wish) };
    } catch (error) {
      return { refused: error.message };
    }
  };`;

let product: Product;
let own: CustomerId;
let other: CustomerId;
let folder: string;

beforeAll(async () => {
  mkdirSync(SCRATCH, { recursive: true });
  folder = mkdtempSync(join(SCRATCH, 'curious-'));
  await bundleFunctions({ outFolder: join(PROJECT, 'dist') });
  const distFolder = join(folder, 'dist');
  bundleOf(distFolder, 'curious', CURIOUS);
  for (const name of readdirSync(join(PROJECT, 'dist')))
    symlinkSync(join(PROJECT, 'dist', name), join(distFolder, name));
  product = await openEdited({ edit: addCurious, machine: { distFolder } });
  const ids = await publishFirstBill(product);
  own = ids.get('Contoso') ?? own;
  other = ids.get('Fabrikam') ?? other;
});
afterAll(async () => {
  await product.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The API's function once more, with its role and its variables, and other code. */
function addCurious(template: EditedTemplate): void {
  const api = template.Resources[idOf(template, 'AWS::Lambda::Function', 'ApiFunction')];
  if (api === undefined) throw new Error('there is no API function');
  const Properties = { ...api.Properties, Code: { S3Bucket: 'code', S3Key: 'curious.zip' } };
  template.Resources.Curious = { ...api, Properties };
}

const Answer = z.union([z.object({ found: z.boolean() }), z.object({ refused: z.string() })]);

async function ask(wish: object): Promise<z.infer<typeof Answer>> {
  const { name } = product.machine.resource('AWS::Lambda::Function', 'Curious');
  const { payload } = await product.machine.lambda.invoke(name, JSON.stringify(wish));
  return Answer.parse(JSON.parse(payload));
}

/** What stands in the lake for a customer, the first under each prefix. */
function keysOf(customerId: CustomerId) {
  const { s3, outputs } = product.machine;
  const first = (prefix: string) => {
    const key = s3.objects.list(String(outputs[OUTPUTS.lakeBucketName]), prefix)[0]?.key;
    if (key === undefined) throw new Error(`nothing is at ${prefix}`);
    return key;
  };
  return {
    result: first(`results/customer=${customerId}/`),
    published: first(LAKE.publishedPrefix('customer_charges', customerId)),
    partnerOnly: first(LAKE.publishedPrefix('costs', customerId)),
  };
}

const select = (customerId: CustomerId) =>
  `SELECT count(*) FROM customer_charges WHERE customer = '${customerId}' AND period = '2025-03'`;

describe('an API λ in one customer’s session', () => {
  test('reads that customer’s objects, lists and rows', async () => {
    const keys = keysOf(own);
    const wishes = [
      { what: 'object', key: keys.result },
      { what: 'object', key: keys.published },
      { what: 'list', prefix: `results/customer=${own}/` },
      { what: 'list', prefix: LAKE.publishedPrefix('customer_charges', own) },
      { what: 'rows', statement: select(own) },
    ];
    for (const wish of wishes) expect(await ask({ as: own, ...wish }), JSON.stringify(wish)).toEqual({ found: true });
  });

  test('reads nothing of another’s, though its code asks for it', async () => {
    const keys = keysOf(other);
    const wishes: readonly [wish: object, refusal: RegExp][] = [
      [{ what: 'object', key: keys.result }, /s3:GetObject on resource: arn:aws:s3:::\S+\/results\/customer=/],
      [{ what: 'object', key: keys.published }, /s3:GetObject/],
      [{ what: 'object', key: keys.partnerOnly }, /s3:GetObject/],
      [{ what: 'object', key: `results/customer=${other}/not-there` }, /s3:GetObject/],
      [{ what: 'list', prefix: `results/customer=${other}/` }, /s3:ListBucket/],
      [{ what: 'list', prefix: LAKE.publishedPrefix('customer_charges', other) }, /s3:ListBucket/],
      [{ what: 'list', prefix: '' }, /s3:ListBucket/],
      [{ what: 'rows', statement: select(other) }, /PERMISSION_DENIED: User: \S+\/curious .* s3:ListBucket/],
      [{ what: 'rows', statement: select(own).replace('customer_charges', 'costs') }, /glue:GetTable/],
      [{ what: 'record', pk: `CUSTOMER#${other}` }, /dynamodb:GetItem/],
    ];
    for (const [wish, refusal] of wishes)
      expect(await ask({ as: own, ...wish }), JSON.stringify(wish)).toEqual({
        refused: expect.stringMatching(refusal),
      });
  });

  test('is no session without a customer', async () => {
    expect(await ask({ what: 'list', prefix: '' })).toEqual({
      refused: expect.stringMatching(/sts:AssumeRole on resource: \S+CustomerReader\S+/),
    });
  });

  test('is no session of a star: it names a customer, not a pattern', async () => {
    expect(await ask({ as: '*', what: 'list', prefix: 'results/' })).toHaveProperty('refused');
  });
});
