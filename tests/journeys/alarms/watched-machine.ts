import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LOCAL } from '../../../infra/cli/local-names.ts';
import type { FunctionConfiguration } from '../../../infra/local/lambda/function-configuration.ts';
import { functionsOfStack } from '../../../infra/local/machine/functions-of-stack.ts';
import type { EditedTemplate } from '../edited-template.ts';
import { startEdited } from '../open-edited.ts';
import { openProduct, type Product } from '../open-product.ts';

/** A machine whose alarms a test can watch over hours. */
export interface WatchedMachine {
  readonly product: Product;
  /** Names of the alarms that ring, without the stack's. */
  ringing(): string[];
  /** Lets time go by for CloudWatch alone. */
  pass(minutes: number): Promise<void>;
  /** Minute by minute until exactly these alarms ring. @throws Error naming those that do */
  ringsExactly(names: readonly string[], minutesMost?: number): Promise<void>;
  /** Deploys a function again with something else in its configuration, or as it was. */
  redeploy(construct: string, change?: Partial<FunctionConfiguration>): FunctionConfiguration;
}

const MINUTE_MILLISECONDS = 60_000;
/** A metric of events is a few seconds behind them, here as in AWS: real time that a minute of CloudWatch's may take. */
const REAL_MILLISECONDS = 30;

/** Opens the product on an edited template with a CloudWatch that goes by the test's clock. */
export async function openWatched(edit: (template: EditedTemplate) => void): Promise<WatchedMachine> {
  let ahead = 0;
  const metricsClock = () => Date.now() + ahead;
  const product = await openProduct((folder) => startEdited(folder, { edit, machine: { metricsClock } }));
  const { cloudWatch, lambda, stack } = product.machine;
  const ringing = () =>
    cloudWatch
      .alarms()
      .flatMap(({ name, state }) => (state === 'ALARM' ? [name.slice(LOCAL.stackName.length + 1)] : []))
      .sort();
  const pass = async (minutes: number) => {
    await cloudWatch.sample();
    ahead += minutes * MINUTE_MILLISECONDS;
    await cloudWatch.sample();
    cloudWatch.evaluate();
  };
  return {
    product,
    ringing,
    pass,
    ringsExactly: async (names, minutesMost = 60) => {
      const wanted = JSON.stringify([...names].sort());
      for (let minute = 0; JSON.stringify(ringing()) !== wanted; minute += 1) {
        if (minute >= minutesMost) throw new Error(`after ${minute} minutes ${ringing()} ring, not ${wanted}`);
        await sleep(REAL_MILLISECONDS);
        await pass(1);
      }
    },
    redeploy: (construct, change = {}) => {
      const { name } = product.machine.resource('AWS::Lambda::Function', construct);
      const known = functionsOfStack(stack, join(import.meta.dirname, '../../../dist')).find(
        (one) => one.name === name,
      );
      if (known === undefined) throw new Error(`no function ${name}`);
      lambda.deploy({ ...known, ...change });
      return known;
    },
  };
}
