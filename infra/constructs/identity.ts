import { Duration, Fn, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AccountRecovery, CfnUserPool, CfnUserPoolClient, Mfa, UserPool } from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import type { StackParameters } from '../stack-parameters.ts';

/**
 * Who issues the tokens that the API accepts: the partner's own issuer, or else a user pool of the stack. A token
 * proves only `sub`; what its bearer may do stands in the registry, never in attributes a user could write.
 */
export class Identity extends Construct {
  readonly issuer: string;
  readonly clientId: string;
  readonly userPoolId: string;
  readonly userPoolClientId: string;

  constructor(scope: Construct, id: string, parameters: StackParameters) {
    super(scope, id);
    const pool = new UserPool(this, 'Users', {
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      mfa: Mfa.OPTIONAL,
      mfaSecondFactor: { otp: true, sms: false },
      passwordPolicy: {
        minLength: 14,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(3),
      },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(pool).acknowledge(
      {
        id: 'AwsSolutions-COG2',
        reason: 'Whether a second factor is asked for is the partner’s choice; an authenticator app is offered.',
      },
      {
        id: 'AwsSolutions-COG8',
        reason: 'The Plus plan costs per user; a partner who wants its threat protection can switch it on.',
      },
    );
    const client = pool.addClient('Client', {
      authFlows: { userSrp: true },
      disableOAuth: true,
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      accessTokenValidity: Duration.hours(1),
    });
    for (const construct of [pool, client]) onlyIf(parameters, construct.node.defaultChild);
    this.userPoolId = pool.userPoolId;
    this.userPoolClientId = client.userPoolClientId;

    const ours = parameters.userPoolNeeded.logicalId;
    this.issuer = Fn.conditionIf(ours, pool.userPoolProviderUrl, parameters.jwtIssuer.valueAsString).toString();
    this.clientId = Fn.conditionIf(ours, client.userPoolClientId, parameters.jwtClientId.valueAsString).toString();
  }
}

function onlyIf({ userPoolNeeded }: StackParameters, resource: unknown): void {
  if (resource instanceof CfnUserPool || resource instanceof CfnUserPoolClient)
    resource.cfnOptions.condition = userPoolNeeded;
}
