import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiProblem } from '../../infra/cli/api-client.ts';
import { OWNER_CREDENTIALS } from '../../infra/local/machine/sdk-environment.ts';
import { assignSubAccounts } from '../../lib/contracts/assignments/assign-sub-accounts.ts';
import { listAssignments } from '../../lib/contracts/assignments/list-assignments.ts';
import { replaceAssignment } from '../../lib/contracts/assignments/replace-assignment.ts';
import { createIntegration } from '../../lib/contracts/integrations/create-integration.ts';
import { createRule } from '../../lib/contracts/rules/create-rule.ts';
import { BillingRule } from '../../lib/domain/billing-rule.ts';
import type { CustomerId } from '../../lib/domain/ids.ts';
import { OUTPUTS } from '../../lib/names/outputs.ts';
import { csvOf } from './csv.ts';
import { deliverAnyhow, PATIENT } from './deliver-anyhow.ts';
import type { Product } from './open-product.ts';
import { openSmallPartner, SMALL_BILL } from './small-partner.ts';

/** `too_many_items` or `invalid_request`: what the caller did, never our own fault. */
const refusedAs = (call: Promise<unknown>) =>
  call.then(
    () => 'accepted',
    ({ code }: ApiProblem) => code,
  );

describe('at a limit of AWS or of our own the product works, and one beyond it is refused by name', () => {
  let product: Product;
  let contoso: CustomerId;
  beforeAll(async () => {
    const opened = await openSmallPartner([]);
    product = opened.product;
    contoso = opened.ids.Contoso;
  });
  afterAll(() => product?.close());

  /** A rule whose JSON has this many bytes as it is stored. */
  function ruleOf(bytes: number, letter = 'x') {
    const rule = (values: string[]) => ({
      name: 'Large',
      type: 'rerate' as const,
      base: 'billed_cost' as const,
      offsetPercent: '10',
      startDate: '2025-01-01',
      customers: 'all' as const,
      filter: { not: { field: 'ServiceName', op: 'in', values } },
    });
    const letterBytes = Buffer.byteLength(letter);
    const left = () => bytes - Buffer.byteLength(JSON.stringify(BillingRule.parse(rule(values))));
    const values = ['z'];
    while (left() > 2_000) values.push(letter.repeat(Math.floor(900 / letterBytes)));
    if (left() > 3) values.push('y'.repeat(left() - 3));
    return rule(values);
  }
  const create = (body: ReturnType<typeof ruleOf>) => product.api.call(createRule, { body: body as never });

  test('a rule of 100,000 bytes prices a bill, one byte more is refused', PATIENT, async () => {
    expect(await refusedAs(create(ruleOf(100_001)))).toBe('invalid_request');
    await create(ruleOf(100_000));
    const { runs } = await product.published();
    const [figures] = runs[0]?.customers ?? [];
    expect(figures).toMatchObject({ name: 'Contoso', rules: [{ name: 'Large', rows: 5 }] });
  });

  test('a rule that no item of DynamoDB holds (400 KB in UTF-8) is refused, and that it was asked for is on record', async () => {
    expect(await refusedAs(create(ruleOf(700_000, '表')))).toBe('invalid_request');
  });

  test('40 sub accounts fit into one transaction, 41 are refused', async () => {
    const assign = (count: number) =>
      product.api.call(assignSubAccounts, {
        body: {
          owner: contoso,
          subAccounts: Array.from({ length: count }, (_, place) => ({ subAccountId: `many-${count}-${place}` })),
        } as never,
      });
    expect(await refusedAs(assign(41))).toBe('invalid_request');
    expect(await refusedAs(assign(40))).toBe('accepted');
  });

  test('a sub account has a hundred owners one after the other, and no hundred and first', async () => {
    const { items } = (await product.api.call(listAssignments)).body;
    const assignment = items.find(({ subAccountId }) => subAccountId === '111111111111');
    const day = (place: number) => new Date(Date.UTC(2025, 2, 1 + place)).toISOString().slice(0, 10);
    const replace = (count: number) =>
      product.api.call(replaceAssignment, {
        query: { subAccountId: '111111111111' } as never,
        body: {
          owners: Array.from({ length: count }, (_, place) => ({ owner: contoso, from: day(place), to: day(place) })),
        } as never,
        ifMatch: `"${assignment?.version}"`,
      });
    expect(await refusedAs(replace(101))).toBe('invalid_request');
    expect(await refusedAs(replace(100))).toBe('accepted');
    const { runs } = await product.published();
    expect(runs[0]).toMatchObject({ reconciled: true, unassigned: { rows: 1 } });
  });

  test(
    '99 integrations are checked in one transaction with a month’s additions, a hundredth is refused',
    PATIENT,
    async () => {
      const connect = (place: number) =>
        product.api.call(createIntegration, {
          body: { id: `export-${place}`, name: `Export ${place}`, delivery: 'files', format: 'focus' } as never,
        });
      for (let place = 2; place <= 99; place += 1) await connect(place);
      expect(await refusedAs(connect(100))).toBe('too_many_items');
    },
  );

  test('a key of 1,024 bytes goes through every message and payload; S3 takes no longer one', PATIENT, async () => {
    const keyOf = (bytes: number) => `acme/${'k'.repeat(bytes - 'acme/.csv'.length)}.csv`;
    const { machine } = product;
    const s3 = new S3Client({
      region: machine.region,
      endpoint: machine.endpoints.S3,
      credentials: OWNER_CREDENTIALS,
      forcePathStyle: true,
    });
    const Bucket = String(machine.outputs[OUTPUTS.landingBucketName]);
    const put = s3.send(new PutObjectCommand({ Bucket, Key: keyOf(1_025), Body: csvOf(SMALL_BILL) }));
    await expect(put).rejects.toMatchObject({ name: 'KeyTooLongError' });
    const april = SMALL_BILL.map((row) => ({
      ...row,
      BillingPeriodStart: '2025-04-01T00:00:00Z',
      BillingPeriodEnd: '2025-05-01T00:00:00Z',
    }));
    const delivery = await deliverAnyhow(product, 'acme', [{ key: keyOf(1_024), text: csvOf(april) }]);
    expect(delivery).toMatchObject({ status: 'Registered', periods: ['2025-04'], rows: 7 });
  });
});
