import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { apportionApp } from '../../infra/apportion-app.ts';
import { ApportionFunction } from '../../infra/constructs/apportion-function.ts';

/** The app with a right nobody acknowledged: reading all of S3. Its synthesis must fail. */
const { app, stack } = apportionApp({ outdir: process.argv[2] ?? 'cdk.out' });
const victim = stack.node.findAll().find((construct) => construct instanceof ApportionFunction);
if (victim === undefined) throw new Error('the stack has no function');
victim.role.addToPolicy(new PolicyStatement({ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::*'] }));
app.synth();
