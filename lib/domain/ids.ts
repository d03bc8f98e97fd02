import { z } from 'zod';

/** A customer tenant: `cus_` and 12 to 32 lower-case letters and digits; safe in an S3 key and in a session tag. */
export const CustomerId = z
  .string()
  .regex(/^cus_[a-z0-9]{12,32}$/)
  .brand('CustomerId');
export type CustomerId = z.infer<typeof CustomerId>;

/**
 * An integration: the partner's own slug, also the first folder of its landing keys and the name of its published lists,
 * among which `additions` is taken.
 */
export const IntegrationId = z
  .string()
  .regex(/^(?!additions$)[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?$/)
  .brand('IntegrationId');
export type IntegrationId = z.infer<typeof IntegrationId>;

/** A billing rule, the same through all its versions. */
export const RuleId = z
  .string()
  .regex(/^rul_[a-z0-9]{12,32}$/)
  .brand('RuleId');
export type RuleId = z.infer<typeof RuleId>;

/** A preview that goes on as a job. */
export const PreviewId = z
  .string()
  .regex(/^prv_[a-f0-9]{32}$/)
  .brand('PreviewId');
export type PreviewId = z.infer<typeof PreviewId>;

/** A delivery, named by the object that announced it (also the name of its ReceiveBill execution). */
export const DeliveryId = z
  .string()
  .regex(/^dlv_[a-f0-9]{40}$/)
  .brand('DeliveryId');
export type DeliveryId = z.infer<typeof DeliveryId>;

/** A run of SplitBill (also the name of its execution). */
export const RunId = z
  .string()
  .regex(/^run_[a-f0-9]{40}$/)
  .brand('RunId');
export type RunId = z.infer<typeof RunId>;
