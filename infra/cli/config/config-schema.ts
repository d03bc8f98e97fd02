import { z } from 'zod';
import { ApportionConfig } from './apportion-config.ts';

/** The JSON Schema of the configuration file, made of its zod schema: editors complete and check `apportion.yaml` with it. */
export function configSchema(): object {
  const schema = z.toJSONSchema(ApportionConfig, { io: 'input', unrepresentable: 'any' });
  return { ...schema, $id: 'apportion.schema.json', title: 'Apportion configuration' };
}
