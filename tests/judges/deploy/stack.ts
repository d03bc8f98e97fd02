import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateChangeSetCommand,
  CreateStackCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { duckdbPackages } from '../../../infra/bundle/duckdb-packages.ts';
import { zipFunction } from '../../../infra/bundle/zip-function.ts';
import { bundleFunctions } from '../../../infra/bundle.ts';
import { FUNCTIONS, type FunctionName } from '../../../lib/names/functions.ts';
import { PARAMETERS } from '../../../lib/names/parameters.ts';
import { type Cloud, REGION } from './cloud.ts';

const PROJECT = join(import.meta.dirname, '../../..');
const CODE_PREFIX = 'judged-code';
const CODE_BUCKET = `${CODE_PREFIX}-${REGION}`;
const POLL_MILLISECONDS = 250;

/** This machine's processor, as the template's parameter spells it. */
const ARCHITECTURE = process.arch === 'arm64' ? 'arm64' : 'x86_64';

/** Makes the bucket of `docs/deploy.md` with the functions' zips for this machine's processor. */
export async function uploadCode({ s3 }: Cloud): Promise<void> {
  const outFolder = join(PROJECT, 'dist');
  await bundleFunctions({ outFolder });
  const packages = duckdbPackages(ARCHITECTURE, join(PROJECT, '.cache'));
  await s3.send(
    new CreateBucketCommand({ Bucket: CODE_BUCKET, CreateBucketConfiguration: { LocationConstraint: REGION } }),
  );
  for (const name of Object.keys(FUNCTIONS) as FunctionName[]) {
    zipFunction(outFolder, name, FUNCTIONS[name].duckdb ? packages : []);
    const Body = await readFile(join(outFolder, `${name}.zip`));
    await s3.send(new PutObjectCommand({ Bucket: CODE_BUCKET, Key: `functions/${name}.zip`, Body }));
  }
}

/** Values of the template's parameters. */
export type Parameters = Readonly<Record<string, string>>;

/** One stack of one template, told to CloudFormation by the address of its text, as `docs/deploy.md` has it. */
export class Stack {
  readonly name: string;
  readonly #cloud: Cloud;
  /** Values of the template's parameters, as they were last given. */
  parameters: Parameters = {
    [PARAMETERS.codeBucketPrefix]: CODE_PREFIX,
    [PARAMETERS.architecture]: ARCHITECTURE,
    [PARAMETERS.maximumConcurrency]: '2',
    [PARAMETERS.manifestGraceSeconds]: '1',
  };

  constructor(cloud: Cloud, name: string) {
    this.#cloud = cloud;
    this.name = name;
  }

  /** @returns the status it ends in, such as `CREATE_COMPLETE` */
  async create(template: string): Promise<string> {
    await this.#cloud.cloudFormation.send(new CreateStackCommand(await this.#request(template)));
    return await this.#ended();
  }

  /** @returns the status it ends in; parameters keep their values but those given here */
  async update(template: string, parameters: Parameters = {}): Promise<string> {
    this.parameters = { ...this.parameters, ...parameters };
    await this.#cloud.cloudFormation.send(new UpdateStackCommand(await this.#request(template)));
    return await this.#ended();
  }

  /** Makes a change set, and returns what it would change, `Modify ApiFunction…`; `execute` carries it out. */
  async changeSet(
    template: string,
  ): Promise<{ readonly changes: readonly string[]; readonly execute: () => Promise<string> }> {
    const { cloudFormation } = this.#cloud;
    const named = { StackName: this.name, ChangeSetName: 'judged' };
    await cloudFormation.send(new CreateChangeSetCommand({ ...named, ...(await this.#request(template)) }));
    for (;;) {
      const { Status, StatusReason, Changes = [] } = await cloudFormation.send(new DescribeChangeSetCommand(named));
      if (Status === 'FAILED') throw new Error(`the change set: ${StatusReason}`);
      if (Status === 'CREATE_COMPLETE')
        return {
          changes: Changes.map(
            ({ ResourceChange: { Action, LogicalResourceId } = {} }) => `${Action} ${LogicalResourceId}`,
          ),
          execute: async () => {
            await cloudFormation.send(new ExecuteChangeSetCommand(named));
            return await this.#ended();
          },
        };
      await sleep(POLL_MILLISECONDS);
    }
  }

  /** Values of its outputs by name. */
  async outputs(): Promise<ReadonlyMap<string, string>> {
    const { Stacks: [stack] = [] } = await this.#cloud.cloudFormation.send(
      new DescribeStacksCommand({ StackName: this.name }),
    );
    return new Map(stack?.Outputs?.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
  }

  /** Physical ids of its resources by logical id, and their types. */
  async resources(): Promise<ReadonlyMap<string, { readonly type: string; readonly physicalId: string }>> {
    const { StackResources = [] } = await this.#cloud.cloudFormation.send(
      new DescribeStackResourcesCommand({ StackName: this.name }),
    );
    return new Map(
      StackResources.map(({ LogicalResourceId = '', ResourceType: type = '', PhysicalResourceId: physicalId = '' }) => [
        LogicalResourceId,
        { type, physicalId },
      ]),
    );
  }

  /** What CloudFormation could not do, and why. */
  async failures(): Promise<readonly string[]> {
    const { StackEvents = [] } = await this.#cloud.cloudFormation.send(
      new DescribeStackEventsCommand({ StackName: this.name }),
    );
    return StackEvents.filter(({ ResourceStatus = '' }) => ResourceStatus.endsWith('_FAILED')).map(
      ({ LogicalResourceId, ResourceStatusReason }) => `${LogicalResourceId}: ${ResourceStatusReason}`,
    );
  }

  async #request(template: string) {
    const Key = `${this.name}.template.json`;
    await this.#cloud.s3.send(new PutObjectCommand({ Bucket: CODE_BUCKET, Key, Body: template }));
    return {
      StackName: this.name,
      TemplateURL: `${this.#cloud.endpoint}/${CODE_BUCKET}/${Key}`,
      Capabilities: ['CAPABILITY_IAM' as const],
      Parameters: Object.entries(this.parameters).map(([ParameterKey, ParameterValue]) => ({
        ParameterKey,
        ParameterValue,
      })),
    };
  }

  async #ended(): Promise<string> {
    for (;;) {
      const { Stacks: [stack] = [] } = await this.#cloud.cloudFormation.send(
        new DescribeStacksCommand({ StackName: this.name }),
      );
      const status = stack?.StackStatus ?? '';
      if (!status.endsWith('_IN_PROGRESS')) return status;
      await sleep(POLL_MILLISECONDS);
    }
  }
}
