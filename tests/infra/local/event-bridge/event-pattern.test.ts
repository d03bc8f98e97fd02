import { describe, expect, test } from 'vitest';
import { compileEventPattern } from '../../../../infra/local/event-bridge/event-pattern.ts';

/** One row per operator of the table in AWS's page "Comparison operators for use in event patterns". */
const ROWS: readonly (readonly [string, object, readonly object[], readonly object[]])[] = [
  [
    'and',
    { Location: ['New York'], Day: ['Monday'] },
    [{ Location: 'New York', Day: 'Monday' }],
    [{ Location: 'New York' }, { Location: 'New York', Day: 'Friday' }],
  ],
  [
    'anything-but',
    { state: [{ 'anything-but': 'initializing' }] },
    [{ state: 'running' }],
    [{ state: 'initializing' }, {}],
  ],
  [
    'anything-but a list',
    { state: [{ 'anything-but': ['stopped', 'overloaded'] }] },
    [{ state: 'running' }],
    [{ state: 'stopped' }],
  ],
  ['anything-but numbers', { n: [{ 'anything-but': [100, 200] }] }, [{ n: 300 }], [{ n: 200 }]],
  [
    'anything-but a prefix',
    { Region: [{ 'anything-but': { prefix: 'us-' } }] },
    [{ Region: 'eu-west-1' }],
    [{ Region: 'us-east-1' }],
  ],
  [
    'anything-but a suffix',
    { FileName: [{ 'anything-but': { suffix: '.png' } }] },
    [{ FileName: 'a.jpg' }],
    [{ FileName: 'a.png' }],
  ],
  [
    'anything-but ignoring case',
    { state: [{ 'anything-but': { 'equals-ignore-case': ['initializing', 'stopped'] } }] },
    [{ state: 'Running' }],
    [{ state: 'INITIALIZING' }],
  ],
  [
    'anything-but a wildcard',
    { FilePath: [{ 'anything-but': { wildcard: '*/lib/*' } }] },
    [{ FilePath: '/usr/bin' }],
    [{ FilePath: '/usr/lib/x' }],
  ],
  ['begins with', { Region: [{ prefix: 'us-' }] }, [{ Region: 'us-east-1' }], [{ Region: 'eu-us-1' }, { Region: 1 }]],
  [
    'begins with, ignoring case',
    { service: [{ prefix: { 'equals-ignore-case': 'EventB' } }] },
    [{ service: 'eventbridge' }],
    [{ service: 'bridge' }],
  ],
  ['empty', { LastName: [''] }, [{ LastName: '' }], [{ LastName: 'x' }, {}]],
  ['equals', { Name: ['Alice'] }, [{ Name: 'Alice' }], [{ Name: 'alice' }]],
  ['equals ignoring case', { Name: [{ 'equals-ignore-case': 'alice' }] }, [{ Name: 'ALICE' }], [{ Name: 'Alic' }]],
  ['ends with', { FileName: [{ suffix: '.png' }] }, [{ FileName: 'a.png' }], [{ FileName: 'a.png.gz' }]],
  [
    'ends with, ignoring case',
    { FileName: [{ suffix: { 'equals-ignore-case': '.PNG' } }] },
    [{ FileName: 'a.png' }],
    [{ FileName: 'a.jpg' }],
  ],
  [
    'exists',
    { ProductName: [{ exists: true }] },
    [{ ProductName: 'x' }, { ProductName: null }],
    [{}, { ProductName: { nested: 1 } }],
  ],
  ['does not exist', { ProductName: [{ exists: false }] }, [{}, { Other: 1 }], [{ ProductName: 'x' }]],
  ['not', { Weather: [{ 'anything-but': ['Raining'] }] }, [{ Weather: 'Sunny' }], [{ Weather: 'Raining' }]],
  ['null', { UserID: [null] }, [{ UserID: null }], [{ UserID: '' }, {}]],
  [
    'numeric equals',
    { Price: [{ numeric: ['=', 100] }] },
    [{ Price: 100 }, { Price: 1e2 }],
    [{ Price: '100' }, { Price: 101 }],
  ],
  ['numeric range', { Price: [{ numeric: ['>', 10, '<=', 20] }] }, [{ Price: 20 }], [{ Price: 10 }, { Price: 21 }]],
  ['or, one field', { PaymentType: ['Credit', 'Debit'] }, [{ PaymentType: 'Debit' }], [{ PaymentType: 'Cash' }]],
  [
    'or, several fields',
    { $or: [{ Location: ['New York'] }, { Day: ['Monday'] }] },
    [{ Day: 'Monday' }, { Location: 'New York', Day: 'x' }],
    [{ Day: 'Friday' }],
  ],
  ['or beside a field', { a: [1], $or: [{ b: [2] }, { c: [3] }] }, [{ a: 1, c: 3 }], [{ a: 2, c: 3 }, { a: 1 }]],
  [
    'wildcard',
    { EventBusArn: [{ wildcard: 'arn:aws:events:us-east-1:*:event-bus/*' }] },
    [{ EventBusArn: 'arn:aws:events:us-east-1:1:event-bus/x' }],
    [{ EventBusArn: 'arn:aws:events:eu:1:event-bus/x' }],
  ],
  [
    'wildcard, escaped star and plain dots',
    { f: [{ wildcard: 'a.b\\*c*' }] },
    [{ f: 'a.b*c' }, { f: 'a.b*cd' }],
    [{ f: 'axb*c' }, { f: 'a.bxc' }],
  ],
  ['address block', { ip: [{ cidr: '10.0.0.0/24' }] }, [{ ip: '10.0.0.255' }], [{ ip: '10.0.1.0' }]],
  ['a list in the event', { resources: ['b'] }, [{ resources: ['a', 'b'] }], [{ resources: ['a'] }, { resources: [] }]],
  [
    'nested fields',
    { detail: { object: { key: [{ suffix: 'Manifest.json' }] } } },
    [{ detail: { object: { key: 'x/Manifest.json' } } }],
    [{ detail: { object: {} } }, { detail: 'x' }],
  ],
  [
    'a nested field that must be absent',
    { detail: { error: [{ exists: false }] } },
    [{ detail: {} }, {}],
    [{ detail: { error: 'x' } }],
  ],
  [
    'objects in a list',
    { detail: { items: { id: ['b'] } } },
    [{ detail: { items: [{ id: 'a' }, { id: 'b' }] } }],
    [{ detail: { items: [{ id: 'a' }] } }],
  ],
];

describe('event patterns', () => {
  test.each(ROWS)('%s', (_, pattern, matching, others) => {
    const matches = compileEventPattern(pattern);
    for (const event of matching) expect(matches(event), JSON.stringify(event)).toBe(true);
    for (const event of others) expect(matches(event), JSON.stringify(event)).toBe(false);
  });

  test.each([
    ['a bare value', { source: 'aws.s3' }],
    ['an unknown operator', { source: [{ contains: 'x' }] }],
    ['an empty list', { source: [] }],
    ['an empty pattern', {}],
    ['two operators in one object', { source: [{ prefix: 'a', suffix: 'b' }] }],
    ['exists with text', { source: [{ exists: 'yes' }] }],
    ['two stars in a row', { source: [{ wildcard: 'a**' }] }],
    ['half a comparison', { n: [{ numeric: ['>'] }] }],
    ['an or of one', { $or: [{ a: [1] }] }],
  ])('%s is refused, as EventBridge refuses it', (_, pattern) => {
    expect(() => compileEventPattern(pattern)).toThrow();
  });
});
