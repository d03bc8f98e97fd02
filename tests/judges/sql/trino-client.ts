import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

const Column = z.object({ name: z.string(), type: z.string() });

/** A statement's answer. */
export const TrinoAnswer = z
  .object({
    columns: z.array(Column).readonly(),
    /** Decimals, dates and instants as text; every number as the text it was sent as, so that no digit is lost. */
    rows: z.array(z.array(z.unknown()).readonly()).readonly(),
    /** Rows written. */
    updateCount: z.number(),
  })
  .readonly();
export type TrinoAnswer = z.infer<typeof TrinoAnswer>;

/** What Trino refused, by its own name for it. */
export class TrinoError extends Error {
  override readonly name = 'TrinoError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** What a statement is understood in. */
interface TrinoSession {
  /** What names without a schema mean. */
  readonly schema?: string;
  /** Session properties, such as `hive.compression_codec`. */
  readonly properties?: Readonly<Record<string, string>>;
}

/** Sends one statement. */
export type Trino = (sql: string, session?: TrinoSession) => Promise<TrinoAnswer>;

const Page = z.object({
  nextUri: z.string().optional(),
  columns: z.array(Column).optional(),
  data: z.array(z.array(z.unknown())).optional(),
  updateCount: z.string().optional(),
  error: z.object({ errorName: z.string(), message: z.string() }).optional(),
});

const BUSY = [502, 503, 504];
const PAUSE_MILLISECONDS = 50;

/** Trino's HTTP protocol: the statement is posted, then `nextUri` is followed until there is none. */
export function trinoClient(url: string): Trino {
  return async (sql, { schema = 'default', properties = {} } = {}) => {
    const headers = {
      ...{ 'X-Trino-User': 'judge', 'X-Trino-Catalog': 'hive', 'X-Trino-Schema': schema, 'X-Trino-Time-Zone': 'UTC' },
      // Without it an instant comes back cut to milliseconds.
      'X-Trino-Client-Capabilities': 'PARAMETRIC_DATETIME',
      'X-Trino-Session': Object.entries(properties)
        .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
        .join(','),
    };
    let page = await pageOf(() => fetch(`${url}/v1/statement`, { method: 'POST', body: sql, headers }));
    let { columns = [] } = page;
    const rows = [...(page.data ?? [])];
    let updateCount = 0;
    while (page.nextUri !== undefined) {
      const { nextUri } = page;
      page = await pageOf(() => fetch(nextUri, { headers }));
      columns = page.columns ?? columns;
      rows.push(...(page.data ?? []));
      updateCount = Number(page.updateCount ?? updateCount);
    }
    return { columns, rows, updateCount };
  };
}

async function pageOf(ask: () => Promise<Response>): Promise<z.infer<typeof Page>> {
  for (;;) {
    const response = await ask();
    const text = await response.text();
    if (BUSY.includes(response.status)) {
      await sleep(PAUSE_MILLISECONDS);
      continue;
    }
    if (!response.ok) throw new Error(`Trino answered ${response.status}: ${text.slice(0, 300)}`);
    const page = Page.parse(JSON.parse(text, asSent));
    if (page.error !== undefined) throw new TrinoError(page.error.errorName, page.error.message);
    return page;
  }
}

/** Keeps a number's own text: a bigint does not fit into JavaScript's numbers. */
function asSent(_: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === 'number' ? (context?.source ?? String(value)) : value;
}
