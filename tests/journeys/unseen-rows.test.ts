import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { lakeOf } from '../../infra/cli/lake-of.ts';
import { listRuns } from '../../lib/contracts/runs/list-runs.ts';
import { select } from './ask-athena.ts';
import { billRow, costs } from './bill-row.ts';
import { csvOf } from './csv.ts';
import { PATIENT, until } from './deliver-anyhow.ts';
import { editDefinition, propertiesOf } from './edited-template.ts';
import { type Edits, openEdited } from './open-edited.ts';
import type { Product } from './open-product.ts';
import { publishedRowsOf } from './published-rows-of.ts';

const BILL = csvOf([billRow({ SubAccountId: 'a1', ...costs('10') })]);

/** A product on an edited template, with one customer. */
function productWith(edit: NonNullable<Edits['edit']>) {
  const open: { product?: Product; customer: string } = { customer: '' };
  beforeAll(async () => {
    open.product = await openEdited({ edit });
    const customers = await open.product.configure({ customers: [{ name: 'Alder', subAccounts: ['a1'] }] });
    open.customer = customers.get('Alder') ?? '';
    await open.product.connect('aws');
    await open.product.receive('aws', 'march.csv', BILL);
  }, PATIENT.timeout);
  afterAll(() => open.product?.close());
  return () => {
    if (open.product === undefined) throw new Error('the product is not open');
    return { product: open.product, customer: open.customer };
  };
}

const countOf = (customer: string) => `SELECT count(*) FROM customer_charges WHERE customer = '${customer}'`;

describe('A template whose table points elsewhere', () => {
  const opened = productWith((template) => {
    const properties = propertiesOf(template, 'AWS::Glue::Table', 'StorageBillsCustomerCharges');
    const text = JSON.stringify(properties);
    const renamed = text.replaceAll('published/customer_charges/', 'published/customer_charged/');
    if (renamed === text) throw new Error('the table has no location to rename');
    Object.assign(properties, JSON.parse(renamed));
  });

  test('shows no row of what was published', PATIENT, async () => {
    const { product, customer } = opened();
    expect((await product.published()).reconciled).toBe(true);
    expect(await publishedRowsOf(product.machine, { table: 'customer_charges', owner: customer })).toHaveLength(1);
    expect(await select(product.machine, countOf(customer))).toEqual([['0']]);
  });
});

describe('A run that fails when it should publish', () => {
  const opened = productWith((template) =>
    editDefinition(template, 'PipelineSplitSplitBill', ({ state }) => {
      const { Arguments } = z.object({ Arguments: z.object({ Payload: z.looseObject({}) }) }).parse(state('Publish'));
      state('Publish').Arguments = {
        ...Object(state('Publish').Arguments),
        Payload: { ...Arguments.Payload, planKey: 'nowhere' },
      };
    }),
  );

  test('leaves files of its customer’s rows, of which nobody sees one', PATIENT, async () => {
    const { product, customer } = opened();
    await until('the run has ended', async () =>
      (await product.api.call(listRuns)).body.items.find(({ status }) => status === 'Failed'),
    );
    const files = await lakeOf(product.machine).list(`results/customer=${customer}/`);
    expect(files.length).toBeGreaterThan(0);
    expect(await select(product.machine, countOf(customer))).toEqual([['0']]);
  });
});
