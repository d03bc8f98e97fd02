import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { mavenTool } from './installs/maven-tool.ts';
import { judged } from './judged.ts';
import { JUDGES } from './judges.ts';
import { type OtherServer, runSuiteElsewhere } from './stand-ins/run-suite-elsewhere.ts';

const JVM = ['-Xmx512m', '-XX:+UseSerialGC'];

/** Servers that others wrote, and the behaviours of our suites (AWS's documented ones) in which each is known to differ, or may. */
const OTHERS = [
  {
    judge: JUDGES.dynamoDbLocal,
    differs: [] as readonly string[],
    server: {
      service: 'dynamodb',
      port: 8000,
      command: async () => {
        const { name, version } = JUDGES.dynamoDbLocal;
        const tool = { name: nameOf(name, version), artifacts: [`com.amazonaws:DynamoDBLocal:${version}`] };
        const { java, lib } = await mavenTool(tool);
        const main = 'com.amazonaws.services.dynamodbv2.local.main.ServerRunner';
        const options = ['-inMemory', '-port', '8000', '-disableTelemetry'];
        return [java, ...JVM, `-Dsqlite4java.library.path=${lib}`, '-cp', join(lib, '*'), main, ...options];
      },
    },
  },
  {
    judge: JUDGES.elasticMq,
    differs: [] as readonly string[],
    server: {
      service: 'sqs',
      port: 9324,
      command: async () => {
        const { name, version } = JUDGES.elasticMq;
        const artifacts = [`org.elasticmq:elasticmq-server_2.13:${version}`];
        const { java, lib } = await mavenTool({ name: nameOf(name, version), artifacts });
        return [java, ...JVM, '-cp', join(lib, '*'), 'org.elasticmq.server.Main'];
      },
    },
  },
  {
    judge: JUDGES.s3proxy,
    // It looks at the ETag and then writes: of writers at the same moment several may pass, and often do.
    differs: [
      'S3 conditional requests of eight writers who read the same version exactly one replaces it',
      'S3 conditional requests of sixteen writers at once exactly one wins, and its body is the one that stays',
    ],
    server: {
      service: 's3',
      port: 8081,
      command: async (folder) => {
        const { name, version } = JUDGES.s3proxy;
        const artifacts = [`org.gaul:s3proxy:${version}`, 'com.fasterxml.jackson.core:jackson-annotations:2.21'];
        const { java, lib } = await mavenTool({ name: nameOf(name, version), artifacts });
        const properties = join(folder, 's3proxy.conf');
        await writeFile(properties, S3PROXY);
        return [java, ...JVM, '-cp', join(lib, '*'), 'org.gaul.s3proxy.Main', '--properties', properties];
      },
    },
  },
] satisfies { judge: (typeof JUDGES)[keyof typeof JUDGES]; differs: readonly string[]; server: OtherServer }[];

const S3PROXY = `s3proxy.endpoint=http://127.0.0.1:8081
s3proxy.authorization=aws-v2-or-v4
s3proxy.identity=111122223333
s3proxy.credential=test
jclouds.provider=transient-nio2
jclouds.identity=local
jclouds.credential=local
`;

describe('a second implementation', () => {
  test.each(OTHERS)('$judge.name behaves as our suite says AWS does, but where it is known not to', (other) =>
    judged(other.judge, `our ${other.server.service} suite, run on it`, async () => {
      const { passed, failed } = await runSuiteElsewhere(other.server);
      expect(failed.filter((behaviour) => !other.differs.includes(behaviour))).toEqual([]);
      const differing = failed.length === 0 ? '' : `differs in: ${failed.join('; ')}`;
      return { count: `${passed.length} of ${passed.length + failed.length} behaviours`, remark: differing };
    })(),
  );
});

function nameOf(name: string, version: string): string {
  return `${name.toLowerCase().replace(/\W+/g, '-')}-${version}`;
}
