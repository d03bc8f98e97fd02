import type { BusEvent } from './event.ts';

/** How a target's input is made of an event; at most one of the three is set, none: the whole event. */
export interface TargetInput {
  readonly input?: string | undefined;
  readonly inputPath?: string | undefined;
  readonly inputTransformer?:
    | { readonly paths: Readonly<Record<string, string>>; readonly template: string }
    | undefined;
}

/** The rule that the event met, for the transformer's own variables. */
export interface MetRule {
  readonly name: string;
  readonly arn: string;
}

/** The text that a target receives ("Target input" and "Input transformation" in the EventBridge guide). */
export function targetInput(
  { input, inputPath, inputTransformer }: TargetInput,
  event: BusEvent,
  rule: MetRule,
): string {
  if (input !== undefined) return input;
  if (inputPath !== undefined) return JSON.stringify(atPath(event, inputPath) ?? null);
  if (inputTransformer === undefined) return JSON.stringify(event);
  const { 'detail-type': _, ...withoutDetailType } = event;
  const variables: Record<string, unknown> = {
    ...Object.fromEntries(Object.entries(inputTransformer.paths).map(([name, path]) => [name, atPath(event, path)])),
    'aws.events.rule-arn': rule.arn,
    'aws.events.rule-name': rule.name,
    'aws.events.event.ingestion-time': event.time,
    'aws.events.event.json': event,
    'aws.events.event': { ...withoutDetailType, 'detail-type': event['detail-type'] },
  };
  return fill(inputTransformer.template, variables);
}

/** The value at a JSON path of EventBridge's small dialect: names (also with `-`), and `[n]` for one element. */
function atPath(event: BusEvent, path: string): unknown {
  const steps = path.replace(/^\$\.?/, '').match(/[^.[\]]+/g) ?? [];
  let value: unknown = event;
  for (const step of steps) value = typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined;
  return value;
}

/**
 * Puts variables into a template. Where a value stands alone it is JSON; inside quotes text goes in without quotes of
 * its own, escaped so that the result stays JSON. A variable that the event does not have is null, or empty in quotes.
 */
function fill(template: string, variables: Readonly<Record<string, unknown>>): string {
  let quoted = false;
  return template.replace(/\\.|"|<([A-Za-z0-9_.-]+)>/g, (match, name: string | undefined) => {
    if (match === '"') quoted = !quoted;
    if (name === undefined || !(name in variables)) return match;
    const value = variables[name];
    if (!quoted) return JSON.stringify(value ?? null);
    const text = typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
    return JSON.stringify(text).slice(1, -1);
  });
}
