import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../lib/domain/settings.ts';
import type { AssignmentStore } from '../../../lib/ports/assignment-store.ts';
import type { CustomerStore } from '../../../lib/ports/customer-store.ts';
import type { IntegrationStore } from '../../../lib/ports/integration-store.ts';
import type { PartnerConfigReader } from '../../../lib/ports/partner-config.ts';
import type { RuleStore } from '../../../lib/ports/rule-store.ts';
import type { SettingsStore } from '../../../lib/ports/settings-store.ts';
import type { SubAccountRegistry } from '../../../lib/ports/sub-account-registry.ts';
import type { UserStore } from '../../../lib/ports/user-store.ts';
import { allPages, assignmentOf, customerId, customerOf, integrationOf, ruleOf } from './ids-of-test.ts';

/** All stores over one registry. */
export interface Registry {
  readonly customers: CustomerStore;
  readonly integrations: IntegrationStore;
  readonly assignments: AssignmentStore;
  readonly rules: RuleStore;
  readonly settings: SettingsStore;
  readonly users: UserStore;
  readonly subAccounts: SubAccountRegistry;
  readonly config: PartnerConfigReader;
}

/** What the smaller stores of every registry do, and its reading as a whole. */
export function registryBehaviour(name: string, open: () => Promise<Registry>): void {
  describe(`Integrations in ${name}`, () => {
    test('are added once and listed', async () => {
      const { integrations, config } = await open();
      expect(await integrations.add(integrationOf(1))).toBe('added');
      expect(await integrations.add({ ...integrationOf(1), name: 'Other' })).toBe('exists');
      await integrations.add(integrationOf(2));
      expect(await config.findIntegration('integration-1')).toEqual(integrationOf(1));
      expect(await allPages((query) => integrations.list(query), 1)).toHaveLength(2);
    });
  });

  describe(`Settings in ${name}`, () => {
    test('are defaults, then what was written over the version before', async () => {
      const { settings, config } = await open();
      expect(await settings.read()).toEqual(DEFAULT_SETTINGS);
      expect(await settings.replace({ ...DEFAULT_SETTINGS, name: 'A', version: 2 })).toBe('stale');
      const outcomes = await Promise.all(
        ['A', 'B'].map((partner) => settings.replace({ ...DEFAULT_SETTINGS, name: partner, version: 1 })),
      );
      expect(outcomes.toSorted()).toEqual(['replaced', 'stale']);
      expect(await settings.read()).toMatchObject({ name: outcomes[0] === 'replaced' ? 'A' : 'B', version: 1 });
      expect(await config.revision()).toBe(1);
    });
  });

  describe(`Users in ${name}`, () => {
    test('are what was last said of them', async () => {
      const { users } = await open();
      expect(await users.find('sub')).toBeUndefined();
      await users.put({ sub: 'sub', role: 'customer', customerId: customerId(1) });
      expect(await users.find('sub')).toEqual({ sub: 'sub', role: 'customer', customerId: customerId(1) });
      await users.put({ sub: 'sub', role: 'partner' });
      expect(await users.find('sub')).toEqual({ sub: 'sub', role: 'partner' });
    });
  });

  describe(`Sub accounts seen, in ${name}`, () => {
    const seen = (id: string, given: string | null = null, provider: string | null = 'AWS') => ({
      id,
      name: given,
      provider,
    });

    test('are kept once per provider, under their newest name', async () => {
      const { subAccounts } = await open();
      const { id } = integrationOf(1);
      await subAccounts.noteSeen(
        id,
        [seen('1', 'Old'), seen('1', 'Other cloud', null), seen('2')],
        '2025-03-01T00:00:00Z',
      );
      await subAccounts.noteSeen(id, [seen('1', 'New')], '2025-03-02T00:00:00Z');
      const listed = await allPages((query) => subAccounts.list(query), 2);
      expect(listed).toHaveLength(3);
      expect(listed).toContainEqual(seen('1', 'New'));
      expect(listed).toContainEqual(seen('1', 'Other cloud', null));
    });

    test('are many in one bill, and those no assignment could name are left out', async () => {
      const { subAccounts } = await open();
      const many = Array.from({ length: 300 }, (_, index) => seen(`account-${index}`));
      const useless = [seen('x'.repeat(513)), seen('表'.repeat(200)), seen('a', null, 'y'.repeat(300))];
      const longNamed = seen('named', `${'n'.repeat(199)}😀`);
      await subAccounts.noteSeen(integrationOf(1).id, [...many, ...useless, longNamed], '2025-03-01T00:00:00Z');
      const listed = await allPages((query) => subAccounts.list(query), 200);
      expect(listed).toHaveLength(301);
      expect(listed.find(({ id }) => id === 'named')?.name).toBe(`${'n'.repeat(199)}\uFFFD`);
    });

    test('are found by part of name or id, on pages that are full until the last', async () => {
      const { subAccounts } = await open();
      const mixed = Array.from({ length: 60 }, (_, index) =>
        seen(`account-${index}`, index % 3 === 0 ? 'PROD' : 'dev'),
      );
      await subAccounts.noteSeen(integrationOf(1).id, mixed, '2025-03-01T00:00:00Z');
      const first = await subAccounts.list({ limit: 15, q: 'prod' });
      expect(first.items).toHaveLength(15);
      const rest = await subAccounts.list({ limit: 15, q: 'prod', cursor: first.cursor });
      expect(rest.items).toHaveLength(5);
      expect(await subAccounts.list({ limit: 15, q: 'ACCOUNT-59' })).toMatchObject({ items: [{ id: 'account-59' }] });
    });
  });

  describe(`The history of the configuration in ${name}`, () => {
    test('says of every change what it touches, beside its revision', async () => {
      const { config, customers, assignments, rules, settings } = await open();
      expect(await config.history()).toEqual({ revision: 0, changes: [] });
      await customers.add(customerOf(1));
      await assignments.replaceAll([assignmentOf('a', 1, '2025-02-01')]);
      await rules.add(ruleOf(1, { startDate: '2025-03-01', endDate: '2025-03-31' }), await rules.list());
      await rules.replace({ ...ruleOf(1, { startDate: '2025-06-01', enabled: false }), version: 2, order: 1 });
      await rules.add(ruleOf(2, { startDate: '2025-07-01', enabled: false }), await rules.list());
      await rules.reorder([ruleOf(2).id, ruleOf(1).id], await rules.list());
      await settings.replace({ ...DEFAULT_SETTINGS, name: 'Acme', version: 1 });
      const { revision, changes } = await config.history();
      expect(revision).toBe(7);
      expect(changes.map(({ touched: { from, to, ownership, rows } }) => [from, to, ownership, rows])).toEqual([
        [null, null, false, true],
        ['2025-02-01', null, true, true],
        ['2025-03-01', '2025-03-31', false, true],
        ['2025-03-01', '2025-03-31', false, true],
        [null, null, false, false],
        [null, null, false, false],
        [null, null, true, true],
      ]);
      expect(changes.map(({ touched: { customers: whose } }) => whose)).toEqual([
        [customerId(1)],
        [customerId(1)],
        'all',
        'all',
        [],
        [],
        'all',
      ]);
    });

    test('knows of an edit the days before it and those after it, and of a refused one nothing', async () => {
      const { config, rules } = await open();
      await rules.add(ruleOf(1, { startDate: '2025-03-01', endDate: '2025-03-31' }), await rules.list());
      const edited = { ...ruleOf(1, { startDate: '2025-05-01', endDate: '2025-05-31' }), version: 2, order: 1 };
      expect(await rules.replace(edited)).toBe('replaced');
      expect(await rules.replace(edited)).toBe('stale');
      const { changes } = await config.history();
      expect(changes.map(({ touched: { from, to } }) => `${from} ${to}`)).toEqual([
        '2025-03-01 2025-03-31',
        '2025-03-01 2025-05-31',
      ]);
    });

    test('of hundreds of changes, some at once, stays one small item that has counted each', async () => {
      const { config, customers } = await open();
      for (let number = 0; number < 120; number += 8)
        await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map((more) => customers.add(customerOf(number + more))));
      const { revision, changes } = await config.history();
      expect(revision).toBe(120);
      expect(changes.reduce((sum, { count }) => sum + count, 0)).toBe(120);
      expect(changes.length).toBeLessThanOrEqual(72);
    });
  });

  describe(`The configuration read from ${name}`, () => {
    test('is everything that decides a price, customers in the order they were made', async () => {
      const { config, customers, assignments, rules, settings } = await open();
      expect(await config.read()).toEqual({
        ...{ revision: 0, settings: DEFAULT_SETTINGS, customers: [], assignments: [], rules: [] },
      });
      const older = { ...customerOf(9), createdAt: '2024-12-31T00:00:00.000Z' };
      await customers.add(customerOf(1));
      await customers.add(older);
      await assignments.replaceAll([assignmentOf('a', 1)]);
      await rules.add(ruleOf(1), await rules.list());
      await settings.replace({ ...DEFAULT_SETTINGS, name: 'Acme', version: 1 });
      expect(await config.read()).toEqual({
        revision: 5,
        settings: { ...DEFAULT_SETTINGS, name: 'Acme', version: 1 },
        customers: [older, customerOf(1)],
        assignments: [assignmentOf('a', 1)],
        rules: [{ ...ruleOf(1), order: 1 }],
      });
    });

    test('is one reading: what it shows is what its revision says, while others change it', async () => {
      const { config, customers } = await open();
      const change = async () => {
        for (let number = 0; number < 15; number += 1) await customers.add(customerOf(number));
      };
      let changing = true;
      const changed = change().finally(() => {
        changing = false;
      });
      while (changing) {
        const read = await config.read();
        expect(read.customers).toHaveLength(read.revision);
      }
      await changed;
    });
  });
}
