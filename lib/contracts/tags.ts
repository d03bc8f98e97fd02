/** Groups of operations, each with what it is about. */
export const TAGS = {
  Customers: 'Customer tenants: who is charged, and who may read its own ledger.',
  Integrations: 'Connected billing exports, each with a folder of its own in the landing bucket.',
  Assignments: 'Which sub account belongs to whom, by days.',
  Rules: 'What changes a price on the way to the customer: one order for the partner, every version kept.',
  Settings: 'What holds for the partner as a whole.',
  Users: 'Who may call this API as whom.',
  'Deliveries and runs': 'What arrived, what became of it, and the reconciled figures.',
  Costs: 'What customers are charged.',
} as const;

/** The name of a group. */
export type Tag = keyof typeof TAGS;
