import { BillingPeriod } from '../../domain/billing-period.ts';
import type { Integration } from '../../domain/integration.ts';
import { type FileKind, fileKindOf } from '../file-kind.ts';

/** What an object that appears in a landing folder announces. */
export type Announcement =
  /** A manifest of AWS Data Exports in its execution's own folder: period and time of the execution stand in its path. */
  | { readonly kind: 'data_exports'; readonly period: BillingPeriod; readonly executedAt: string | undefined }
  /**
   * The manifest of a month: of an export that overwrites its files, or a copy of the newest execution's
   * (`areOverwritten` tells which).
   */
  | { readonly kind: 'month_of_exports'; readonly period: BillingPeriod }
  /** A manifest of our own form, written last by whoever copies the files. */
  | { readonly kind: 'own_manifest' }
  /** One file that is a whole delivery by itself. */
  | { readonly kind: 'bare'; readonly file: FileKind };

const OWN_MANIFEST = '_manifest.json';

/**
 * `CREATE_NEW_REPORT` writes `…/metadata/BILLING_PERIOD=yyyy-mm/<time>-<execution id>/<export>-Manifest.json` and then the
 * same file again one folder higher; `OVERWRITE_REPORT` writes only the latter, again and again (AWS Data Exports User
 * Guide, "Understanding export delivery").
 */
const EXPORT_MANIFEST = /\/metadata\/BILLING_PERIOD=(\d{4}-\d{2})\/(?:([^/]+)\/)?[^/]*Manifest\.json$/;
const EXECUTION_FILE = /\/data\/BILLING_PERIOD=\d{4}-\d{2}\/[^/]+\/[^/]+$/;
const EXECUTION_TIME = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z)-/;

/**
 * What `key` announces for an integration that is delivered in this way, or `undefined` for an object that announces
 * nothing (a data file under a manifest's format, for one). Without a known integration every form counts, so that a
 * bill in a folder nobody has set up is seen and refused by name instead of being ignored.
 */
export function announcementOf(key: string, delivery: Integration['delivery'] | undefined): Announcement | undefined {
  if (delivery === 'files') return filesAnnouncement(key);
  const exported = dataExportsAnnouncement(key);
  return delivery === 'data_exports' ? exported : (exported ?? filesAnnouncement(key));
}

/** Whether a month's manifest is of files that the export overwrites: those of an execution lie in a folder of its own. */
export function areOverwritten(keys: readonly string[]): boolean {
  return !keys.every((key) => EXECUTION_FILE.test(key));
}

function dataExportsAnnouncement(key: string): Announcement | undefined {
  const [, month, execution] = EXPORT_MANIFEST.exec(key) ?? [];
  const period = BillingPeriod.safeParse(month);
  if (!period.success) return undefined;
  if (execution === undefined) return { kind: 'month_of_exports', period: period.data };
  const executedAt = EXECUTION_TIME.exec(execution)?.[1];
  const real = executedAt !== undefined && !Number.isNaN(Date.parse(executedAt));
  return { kind: 'data_exports', period: period.data, executedAt: real ? executedAt : undefined };
}

function filesAnnouncement(key: string): Announcement | undefined {
  if (key.endsWith(`/${OWN_MANIFEST}`)) return { kind: 'own_manifest' };
  const file = fileKindOf(key);
  return file === undefined ? undefined : { kind: 'bare', file };
}
