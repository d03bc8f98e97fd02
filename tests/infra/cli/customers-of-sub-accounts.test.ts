import { describe, expect, test } from 'vitest';
import { namedCustomers } from '../../../infra/cli/customers-of-sub-accounts.ts';

const seen = (id: string, name: string | null = null, provider: string | null = 'AWS') => ({ id, name, provider });

describe('Customers of a bill without a configuration', () => {
  test('are its sub accounts, by their names, else their ids', () => {
    expect(namedCustomers([seen('2', 'Birch'), seen('1', 'Alder'), seen('003'), seen('4', ' ')])).toEqual([
      { name: '003', subAccounts: ['003'] },
      { name: '4', subAccounts: ['4'] },
      { name: 'Alder', subAccounts: ['1'] },
      { name: 'Birch', subAccounts: ['2'] },
    ]);
  });

  test('are told apart by their ids where names collide, in whatever case', () => {
    expect(namedCustomers([seen('1', 'prod'), seen('2', 'Prod'), seen('3', 'test')])).toEqual([
      { name: 'Prod (2)', subAccounts: ['2'] },
      { name: 'prod (1)', subAccounts: ['1'] },
      { name: 'test', subAccounts: ['3'] },
    ]);
    const names = namedCustomers([seen('a'), seen('b', 'a')]).map(({ name }) => name);
    expect(names).toEqual(['a', 'a (b)']);
  });

  test('are one where an id is written in two cases of A to Z, and two where other letters differ', () => {
    expect(namedCustomers([seen('sub-A', 'one'), seen('SUB-a', 'one')])).toHaveLength(1);
    expect(namedCustomers([seen('é', 'one'), seen('É', 'two')])).toHaveLength(2);
  });

  test('are two where two providers use one id', () => {
    expect(namedCustomers([seen('shared', 'S'), seen('shared', 'S', 'Microsoft'), seen('shared', 'T', null)])).toEqual([
      { name: 'S (shared, AWS)', subAccounts: [{ id: 'shared', provider: 'AWS' }] },
      { name: 'S (shared, Microsoft)', subAccounts: [{ id: 'shared', provider: 'Microsoft' }] },
      { name: 'T', subAccounts: ['shared'] },
    ]);
  });

  test('have names that fit', () => {
    const [customer] = namedCustomers([seen('1', 'x'.repeat(300))]);
    expect(customer?.name).toHaveLength(200);
  });
});
