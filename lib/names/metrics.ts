/**
 * CloudWatch metrics that the functions emit and the alarms watch. Each carries one dimension, `service`, with the
 * stack's name: Powertools adds it by itself from `ENV.serviceName`, and two deployments in one account stay apart.
 */
export const METRICS = {
  namespace: 'Apportion',
  dimension: 'service',
  deliveriesRegistered: 'DeliveriesRegistered',
  runsQuarantined: 'RunsQuarantined',
  objectsSwept: 'ObjectsSwept',
} as const;
