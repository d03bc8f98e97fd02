import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { mavenTool } from './installs/maven-tool.ts';
import { judged, planted } from './judged.ts';
import { JUDGES } from './judges.ts';
import { type Behaviour, listBehaviours } from './stand-ins/behaviours.ts';
import { behavioursPage, type Elsewhere } from './stand-ins/behaviours-page.ts';
import { judgedBefore } from './stand-ins/judged-before.ts';
import { type OtherServer, runSuiteElsewhere } from './stand-ins/run-suite-elsewhere.ts';

const PAGE = join(import.meta.dirname, '../../docs/behaviours.md');
const FORGETFUL_S3 = join(import.meta.dirname, 'stand-ins/forgetful-s3.ts');
const FORGETFUL_PORT = 8082;
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
    // It answers InvalidAttributeValue, MessageTooLong: SQS has the one for a queue's attributes, and not the other.
    differs: ['SQS a message that is too long is an invalid value of a parameter'],
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

let behaviours: readonly Behaviour[] = [];
const elsewhere: Elsewhere[] = [];

afterAll(async () => {
  // Asked for one of them only, there is not enough to write.
  if (behaviours.length > 0 && elsewhere.length === OTHERS.length)
    await writeFile(PAGE, behavioursPage(behaviours, elsewhere));
});

describe('AWS’s documentation', () => {
  test(
    'says what every behaviour of every stand-in is',
    judged(JUDGES.awsDocumentation, 'the suites of our stand-ins, each behaviour with its page', async () => {
      behaviours = await listBehaviours();
      expect(behaviours.filter(({ source }) => source === undefined)).toEqual([]);
      const services = new Set(behaviours.map(({ service }) => service));
      return { count: `${behaviours.length} behaviours of ${services.size} services` };
    }),
  );

  test(
    'finds a stand-in that lets a second writer in',
    planted(JUDGES.awsDocumentation, 'an S3 that does not look at If-None-Match', async () => {
      const { passed, failed } = await runSuiteElsewhere({
        service: 's3',
        port: FORGETFUL_PORT,
        only: '^S3 (objects|conditional requests) ',
        command: async (folder) => [process.execPath, FORGETFUL_S3, folder, String(FORGETFUL_PORT)],
      });
      expect(failed).toContain('S3 conditional requests If-None-Match: * lets the first write in and no second');
      expect(passed).toContain('S3 objects an object comes back as it was put, under its MD5 as ETag');
    }),
  );
});

describe('a second implementation', () => {
  test.each(OTHERS)('$judge.name behaves as our suite says AWS does, but where it is known not to', (other) =>
    judged(other.judge, `our ${other.server.service} suite, run on it`, async () => {
      const { service } = other.server;
      const name = `${other.judge.name} ${other.judge.version}`;
      const asked = { service, judge: name, known: other.differs };
      const result = await judgedBefore(asked, () => runSuiteElsewhere(other.server));
      const { passed, failed, isNew } = result;
      if (!isNew) process.stderr.write(`${name} is not asked again: neither the suite nor our stand-in has changed\n`);
      elsewhere.push({ service, name, known: other.differs, ...result });
      expect(failed.filter((behaviour) => !other.differs.includes(behaviour))).toEqual([]);
      expect(other.differs.filter((behaviour) => ![...passed, ...failed].includes(behaviour))).toEqual([]);
      const remark = other.differs.length === 0 ? '' : `known to differ in: ${other.differs.join('; ')}`;
      return { count: `${passed.length + failed.length} behaviours`, remark };
    })(),
  );
});

function nameOf(name: string, version: string): string {
  return `${name.toLowerCase().replace(/\W+/g, '-')}-${version}`;
}
