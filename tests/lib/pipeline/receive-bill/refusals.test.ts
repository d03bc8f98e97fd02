import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { receivingBills } from './receiving.ts';
import { bill } from './small-bill.ts';

describe('what can never be part of a bill is refused by file, and by row and column where it has them', () => {
  const begin = receivingBills();
  const refused = (code: string, details: object) => ({
    problem: { code, details: { file: 'acme/bill.csv', ...details } },
  });
  const receive = (body: string | Buffer, key = 'acme/bill.csv') => begin().receiveFile(key, body);

  test.each([
    ['a cost with a comma', { BilledCost: '"1,5"' }, 'BilledCost', '1,5'],
    ['a cost that is no number', { ListCost: 'NaN' }, 'ListCost', 'NaN'],
    ['a cost with a space', { EffectiveCost: ' 1' }, 'EffectiveCost', ' 1'],
    ['a cost in hexadecimal', { ContractedCost: '0x10' }, 'ContractedCost', '0x10'],
    ['a cost of 17 digits', { BilledCost: '12345678901234567' }, 'BilledCost', '12345678901234567'],
    [
      'more decimals than can be added',
      { BilledCost: '12.12345678901234567890123' },
      'BilledCost',
      '12.12345678901234567890123',
    ],
    ['a quantity that is no number', { PricingQuantity: 'many' }, 'PricingQuantity', 'many'],
    ['a day that does not exist', { ChargePeriodStart: '2025-02-30' }, 'ChargePeriodStart', '2025-02-30'],
    ['a day in another order', { ChargePeriodStart: '03/05/2025' }, 'ChargePeriodStart', '03/05/2025'],
    ['a row without a charge period', { ChargePeriodStart: '' }, 'ChargePeriodStart', ''],
    ['a row without a currency', { BillingCurrency: 'NULL' }, 'BillingCurrency', 'NULL'],
    ['a period in another century', { BillingPeriodStart: '2125-03-01' }, 'BillingPeriodStart', '2125-03-01'],
    ['tags that are no JSON object', { Tags: 'env:prod' }, 'Tags', 'env:prod'],
  ])('%s', async (_, change, column, value) => {
    const body = bill([{}, { ChargeDescription: '"two\nlines"' }, change]);
    await expect(receive(body)).rejects.toMatchObject(refused('value_unreadable', { row: 3, column, value }));
  });

  test('a required column that is gone', async () => {
    await expect(receive(bill([{}], ['ListCost']))).rejects.toMatchObject(
      refused('required_column_missing', { column: 'ListCost' }),
    );
  });

  test.each([
    ['a record with too few cells', `${bill([{}])}1,2\n`, 'CSV Error on Line: 3'],
    ['a quote that is never closed', bill([{ ChargeDescription: '"open' }]), 'unterminated quote'],
    ['a name that stands twice', bill([{}]).replace('ListCost', 'billedcost'), 'billedcost is there twice'],
    ['a column without a name', bill([{}]).replace('Tags', ''), 'has no name'],
    ['text that is not UTF-8', Buffer.from(bill([{ ChargeDescription: 'caf\u00e9' }]), 'latin1'), 'not utf-8'],
    ['UTF-16', Buffer.from(`\ufeff${bill([{}])}`, 'utf16le'), 'it is not UTF-8'],
    ['a file of no bytes', '', 'it is empty'],
    ['a file of no rows', bill([]), 'it has no rows'],
  ])('%s', async (_, body, reason) => {
    await expect(receive(body)).rejects.toThrow(reason);
    await expect(receive(body)).rejects.toThrow('acme/bill.csv');
  });

  test('a gzip file that is cut off', async () => {
    const whole = gzipSync(bill([{}]));
    await expect(receive(whole.subarray(0, whole.length - 12), 'acme/bill.csv.gz')).rejects.toMatchObject({
      problem: { code: 'file_unreadable', details: { file: 'acme/bill.csv.gz' } },
    });
  });

  test('a file of another format', async () => {
    await expect(receive('identity_line_item_id,bill_bill_type\n1,Anniversary\n')).rejects.toMatchObject(
      refused('unknown_format', { reason: 'its columns are not FOCUS: identity_line_item_id, bill_bill_type' }),
    );
  });

  test('an object that changed after the list was frozen', async () => {
    const receiving = begin();
    receiving.delivery = 'files';
    const object = await receiving.land('acme/_manifest.json', JSON.stringify({ files: ['moving.csv'] }));
    await receiving.land('acme/moving.csv', bill([{}]));
    await receiving.readManifest(object);
    const frozen = await receiving.lake.readText(`deliveries/${object.deliveryId}/batches/0.json`);
    const moved = frozen?.text.replace(/"etag":"[^,]*"/, '"etag":"\\"gone\\""') ?? '';
    await receiving.lake.writeText(`deliveries/${object.deliveryId}/batches/0.json`, moved);
    expect(await receiving.convert(object, 0)).toMatchObject({
      error: 'Quarantined',
      cause: JSON.stringify({ code: 'file_changed', details: { file: 'acme/moving.csv' } }),
    });
  });

  test('the next good delivery works', async () => {
    const receiving = begin();
    await expect(receiving.receiveFile('acme/bill.csv', bill([{ BilledCost: '1,5' }]))).rejects.toThrow();
    expect((await receiving.receiveFile('acme/bill.csv', bill([{}]))).periods).toEqual([
      { period: '2025-03', rows: 1 },
    ]);
  });
});
