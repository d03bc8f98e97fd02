import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { ApportionStack } from './apportion-stack.ts';

/** CDK's own defaults of the day, as far as they touch a resource of ours: set here, they hold however it is run. */
const FEATURE_FLAGS = {
  '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true,
  '@aws-cdk/aws-s3:createDefaultLoggingPolicy': true,
  '@aws-cdk/aws-s3:publicAccessBlockedByDefault': true,
  '@aws-cdk/aws-apigateway:logGroupDestinationArnWithoutWildcard': true,
  '@aws-cdk/core:validateAgainstDefaultRules': true,
  '@aws-cdk/core:annotationsInValidationReport': true,
};

/** The app with its one stack; synthesis fails on any finding of cdk-nag that is not acknowledged beside its resource. */
export function apportionApp(options: { readonly outdir?: string } = {}): { app: App; stack: ApportionStack } {
  const app = new App({ ...options, analyticsReporting: false, postCliContext: FEATURE_FLAGS });
  const stack = new ApportionStack(app, 'Apportion');
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  return { app, stack };
}
