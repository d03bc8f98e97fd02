/** CloudWatch metrics that the functions emit and the alarms watch. */
export const METRICS = {
  namespace: 'Apportion',
  deliveriesRegistered: 'DeliveriesRegistered',
  runsQuarantined: 'RunsQuarantined',
} as const;
