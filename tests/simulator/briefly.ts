/** A value in a line of a trace, without what differs between replays: task tokens and ids of events. */
export function briefly(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.replaceAll(/"(?:token|id)":"[^"]*",?/g, '').slice(0, 300);
}
