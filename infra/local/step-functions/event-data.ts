/** A payload as history events carry it: JSON text under its name, with its details. */
export const eventData = (name: 'input' | 'output', value: unknown): Readonly<Record<string, unknown>> => ({
  [name]: JSON.stringify(value),
  [`${name}Details`]: { truncated: false },
});
