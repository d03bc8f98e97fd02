import { parseArgs } from 'node:util';
import { compareCases } from './compare-cases.ts';
import { openProduct } from './product.ts';

/* `npm run test:oracle -- --cases N --seed S [--from K]`: prices random cases on both sides and prints what differs. */

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
  },
});
const trial = { cases: Number(values.cases), seed: Number(values.seed), from: Number(values.from) };
const product = await openProduct();
const begun = performance.now();
const found = await compareCases(product, trial, (done) => {
  if (process.stderr.isTTY) process.stderr.write(`\r${done} cases`);
});
const seconds = ((performance.now() - begun) / 1_000).toFixed(1);
for (const { number, scene, differences } of found.slice(0, 3)) {
  console.log(`case ${number} of seed ${trial.seed}:\n${differences.join('\n')}\n${JSON.stringify(scene)}\n`);
}
console.log(`${trial.cases} cases of seed ${trial.seed} in ${seconds} s: ${found.length} differ`);
product.close();
process.exitCode = found.length === 0 ? 0 : 1;
