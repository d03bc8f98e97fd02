/** The event that tells the outside of a published run. */
export const BILL_PUBLISHED = { source: 'apportion', detailType: 'BillPublished' } as const;
