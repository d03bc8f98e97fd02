import { type AuthorizeCall, authorizeBy } from '../iam/authorize-call.ts';
import { type AccessRecord, type Gate, openGate } from '../iam/gate.ts';
import { ADMINISTRATOR, type Principal } from '../iam/principal.ts';
import type { Home } from '../iam/services/access-table.ts';
import { athenaAccesses } from '../iam/services/athena-accesses.ts';
import { dynamoDbAccesses, type PartitionKeys } from '../iam/services/dynamodb-accesses.ts';
import { eventsAccesses } from '../iam/services/events-accesses.ts';
import { lambdaAccesses } from '../iam/services/lambda-accesses.ts';
import { s3Access } from '../iam/services/s3-accesses.ts';
import { sqsAccesses } from '../iam/services/sqs-accesses.ts';
import { statesAccesses } from '../iam/services/states-accesses.ts';
import { assumeRoleAccesses } from '../iam/services/sts-accesses.ts';
import type { Signature } from '../iam/signed-by.ts';
import { type StackPolicies, stackPolicies } from '../iam/stack-policies.ts';
import type { AuthorizeS3 } from '../s3/s3-access-request.ts';
import { stateMachineOfToken } from '../step-functions/task-tokens.ts';
import { RoleSessions, type SessionCredentials } from '../sts/role-session.ts';
import type { AssumeRoleRequest } from '../sts/sts.ts';
import type { Stack } from '../template/resolve-stack.ts';
import { TemplateError } from '../template/template-error.ts';
import { partitionKeysOfStack } from './partition-keys-of-stack.ts';
import { resourcesOfType } from './resources-of-type.ts';
import { OWNER_CREDENTIALS } from './sdk-environment.ts';

/** A session that a service holds for as long as the machine runs: the keys of a function's environment do not age. */
const NEVER = new Date(8.64e15);

/**
 * Who may do what on one machine: the sessions that keys lead back to, and the policies of its template. Every
 * stand-in asks here at its front door, and so do the wires between them.
 */
export class MachineRights {
  readonly sessions = new RoleSessions();
  readonly gate: Gate;
  readonly #home: Home;
  #policies: StackPolicies = { decide: () => ({ allowed: false, why: 'no-identity-policy' }) };
  #partitionKeys: ReadonlyMap<string, PartitionKeys> = new Map();

  constructor(home: Home, onAccess?: (record: AccessRecord) => void) {
    this.#home = home;
    this.gate = openGate({
      policies: () => this.#policies,
      findPrincipal: (signature) => this.#principalOf(signature),
      onAccess,
    });
  }

  /**
   * From now on the policies of this stack count, and no others; sessions stay, as they do in AWS.
   *
   * @throws {TemplateError} naming a policy that says what is not played here, or a role that its service may not assume.
   */
  use(stack: Stack): void {
    const policies = stackPolicies(stack);
    for (const [type, property, service] of SERVED_ROLES)
      for (const { logicalId, properties } of resourcesOfType(stack, type)) {
        const access = { action: 'sts:AssumeRole', resource: String(properties[property]) };
        if (!policies.decide({ kind: 'service', service }, access).allowed)
          throw new TemplateError(logicalId, `${service} may not assume its role ${access.resource}`);
      }
    this.#policies = policies;
    this.#partitionKeys = partitionKeysOfStack(stack);
  }

  /** Keys with which a service works under a role that trusts it. @throws AccessDenied where it does not */
  credentialsOf(service: string, roleArn: string, sessionName: string): SessionCredentials {
    this.gate.require({ kind: 'service', service }, [{ action: 'sts:AssumeRole', resource: roleArn }]);
    return this.sessions.open({ roleArn, sessionName, tags: {}, transitiveTagKeys: [], expiration: NEVER });
  }

  readonly s3: AuthorizeS3 = ({ signature, ...wish }) =>
    this.gate.require(this.gate.callerOf(signature), [s3Access(wish)]);

  readonly dynamoDb: AuthorizeCall = (...call) =>
    authorizeBy(
      this.gate,
      dynamoDbAccesses(this.#home, (name) => this.#partitionKeys.get(name)),
    )(...call);

  readonly sqs: AuthorizeCall = (...call) => authorizeBy(this.gate, sqsAccesses(this.#home))(...call);

  readonly stepFunctions: AuthorizeCall = (...call) =>
    authorizeBy(this.gate, statesAccesses(this.#home, stateMachineOfToken))(...call);

  readonly lambda: AuthorizeCall = (...call) => authorizeBy(this.gate, lambdaAccesses(this.#home))(...call);

  readonly eventBridge: AuthorizeCall = (...call) => authorizeBy(this.gate, eventsAccesses(this.#home))(...call);

  readonly athena = (groupOfQuery: (id: string) => string | undefined): AuthorizeCall =>
    authorizeBy(this.gate, athenaAccesses(this.#home, groupOfQuery));

  readonly sts = ({ signature, session, requestTags }: AssumeRoleRequest): void => {
    const { roleArn, sessionName, transitiveTagKeys } = session;
    const wish = { roleArn, sessionName, tags: requestTags, transitiveTagKeys };
    this.gate.require(this.gate.callerOf(signature), assumeRoleAccesses(wish));
  };

  #principalOf(signature: Signature): Principal | undefined {
    if (signature.accessKeyId === OWNER_CREDENTIALS.accessKeyId) return ADMINISTRATOR;
    const session = this.sessions.findSigned(signature);
    if (session === undefined) return undefined;
    const { roleArn, sessionName, tags, policy } = session;
    return { kind: 'role', roleArn, sessionName, tags, ...(policy === undefined ? {} : { policy }) };
  }
}

/** Roles that a service assumes for a resource: the resource's type, the property that names the role, the service. */
const SERVED_ROLES = [
  ['AWS::Lambda::Function', 'Role', 'lambda.amazonaws.com'],
  ['AWS::StepFunctions::StateMachine', 'RoleArn', 'states.amazonaws.com'],
] as const;
