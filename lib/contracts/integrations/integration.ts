import { z } from 'zod';
import { Integration } from '../../domain/integration.ts';

/**
 * Most integrations of a partner: the pointer to a month's additions is written in one transaction with a check of each
 * integration's own, and DynamoDB takes 100 actions.
 */
export const INTEGRATIONS_MOST = 99;

/** What a caller gives of an integration. */
export const IntegrationInput = Integration.pick({ id: true, name: true, format: true, delivery: true }).meta({
  id: 'IntegrationInput',
  example: { id: 'aws-main', name: 'AWS payer', format: 'focus', delivery: 'data_exports' },
});

/** An integration as answered. */
export const IntegrationAnswer = z.object(Integration.shape).meta({ id: 'Integration' });
