import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { compareCases, differencesOn } from './compare-cases.ts';
import type { Scene } from './price-bill.ts';
import { openProduct } from './product.ts';
import { shrink } from './shrink.ts';

/*
 * `npm run test:oracle -- --cases N --seed S [--from K]`: prices random cases on both sides; what differs is shrunk and
 * printed as one line of JSON. `--replay FILE` prices such a line again.
 */

const SHRUNK_MAX = 3;
const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
    replay: { type: 'string' },
  },
});
const product = await openProduct();
process.exitCode = (await (values.replay === undefined ? tryCases() : replay(values.replay))) ? 0 : 1;
product.close();

async function tryCases(): Promise<boolean> {
  const trial = { cases: Number(values.cases), seed: Number(values.seed), from: Number(values.from) };
  const begun = performance.now();
  const found = await compareCases(product, trial, sayProgress());
  const seconds = ((performance.now() - begun) / 1_000).toFixed(1);
  for (const { number, scene, differences } of found.slice(0, SHRUNK_MAX)) {
    const isAlone = (await differencesOn(product, scene)).length > 0;
    const small = isAlone ? await shrink(scene, async (one) => (await differencesOn(product, one)).length > 0) : scene;
    console.log(`case ${number} of seed ${trial.seed}${isAlone ? '' : ' (only beside other cases)'}:`);
    console.log((isAlone ? await differencesOn(product, small) : differences).join('\n'));
    console.log(`${JSON.stringify(small, (_, value: unknown) => value ?? undefined)}\n`);
  }
  console.log(`${trial.cases} cases of seed ${trial.seed} in ${seconds} s: ${found.length} differ`);
  return found.length === 0;
}

/** A line for every ten thousand cases: what is known of a long run before its end. */
function sayProgress() {
  let said = 0;
  return (done: number, differing: number) => {
    if (done < said + 10_000) return;
    said = done;
    console.log(`${done} cases tried, ${differing} differ`);
  };
}

async function replay(path: string): Promise<boolean> {
  const scene = JSON.parse(readFileSync(path, 'utf8')) as Scene;
  const differences = await differencesOn(product, scene);
  console.log(differences.join('\n') || 'no difference');
  return differences.length === 0;
}
