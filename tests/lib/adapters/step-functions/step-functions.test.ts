import { afterAll, beforeAll, expect, test } from 'vitest';
import { stepFunctionsExecutions } from '../../../../lib/adapters/step-functions/step-functions-executions.ts';
import { stepFunctionsTaskTokens } from '../../../../lib/adapters/step-functions/step-functions-task-tokens.ts';
import { openTestbed, type Testbed } from '../../../infra/local/stand-ins/step-functions.testbed.ts';

let bed: Testbed;
beforeAll(async () => {
  bed = await openTestbed();
});
afterAll(() => bed.close());

const END = { Done: { Type: 'Succeed' } };

test('an execution starts once under its name, with the input it was given', async () => {
  const arn = await bed.create(END);
  const executions = stepFunctionsExecutions(bed.client, { 'receive-bill': arn, 'split-bill': 'arn:unused' });
  expect(await executions.start('receive-bill', 'dlv_1', { deliveryId: 'dlv_1' })).toBe('started');
  const executionArn = `${arn.replace(':stateMachine:', ':execution:')}:dlv_1`;
  expect(await bed.ended(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: { deliveryId: 'dlv_1' } });
  expect(await executions.start('receive-bill', 'dlv_1', { deliveryId: 'another' })).toBe('exists');
  expect(await executions.status(executionArn)).toBe('SUCCEEDED');
  expect(await executions.status(`${executionArn}-never`)).toBeUndefined();
});

test('a waiting task hears its worker, and a token that was answered is dead to everybody else', async () => {
  const tokens = stepFunctionsTaskTokens(bed.client);
  const execution = await bed.start(await bed.create({ Ask: { ...bed.askTask(), End: true } }));
  const token = await bed.nextToken();
  expect(await tokens.heartbeat(token)).toBe(true);
  expect(await tokens.succeed(token, { batch: 3 })).toBe(true);
  expect(await bed.ended(execution)).toMatchObject({ status: 'SUCCEEDED', output: { batch: 3 } });
  expect(await tokens.heartbeat(token)).toBe(false);
  expect(await tokens.succeed(token, {})).toBe(false);
  expect(await tokens.fail(token, 'Late', 'late')).toBe(false);
});

test('a refused file reaches the machine by the error’s name and the problem’s JSON, however long', async () => {
  const tokens = stepFunctionsTaskTokens(bed.client);
  const execution = await bed.start(await bed.create({ Ask: { ...bed.askTask(), End: true } }));
  const cause = JSON.stringify({ code: 'file_unreadable', details: { file: 'x', reason: 'y'.repeat(40_000) } });
  expect(await tokens.fail(await bed.nextToken(), 'Quarantined', cause)).toBe(true);
  const { status, error, cause: told } = await bed.ended(execution);
  expect([status, error, told]).toEqual(['FAILED', 'Quarantined', cause.slice(0, 32_768)]);
});

test('what is not a token is dead', async () => {
  expect(await stepFunctionsTaskTokens(bed.client).heartbeat('no token')).toBe(false);
});
