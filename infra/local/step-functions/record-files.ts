import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Position } from './branch.ts';
import { ExecutionRecord, type ExecutionSummary, StateMachineRecord } from './records.ts';

const SavedPosition = z.object({
  stateName: z.string(),
  input: z.unknown(),
  variables: z.record(z.string(), z.unknown()),
});

/**
 * State machines and executions as files, so that they outlive the process: one file per state machine; per execution a
 * folder with its record, the definition it runs, its history and, at each top-level state it enters, its position.
 *
 * Each file is replaced whole, so a process that dies leaves the old one or the new one.
 */
export class RecordFiles {
  readonly #machines: string;
  readonly #executions: string;

  constructor(folder: string) {
    this.#machines = join(folder, 'state-machines');
    this.#executions = join(folder, 'executions');
    for (const path of [this.#machines, this.#executions]) mkdirSync(path, { recursive: true });
  }

  stateMachines(): StateMachineRecord[] {
    return readdirSync(this.#machines)
      .filter((file) => file.endsWith('.json'))
      .map((file) => StateMachineRecord.parse(readJson(join(this.#machines, file))));
  }

  saveStateMachine(record: StateMachineRecord): void {
    replace(this.#machineFile(record.stateMachineArn), record);
  }

  removeStateMachine(arn: string): void {
    rmSync(this.#machineFile(arn), { force: true });
  }

  /** All executions; a folder whose record never was written whole is none. */
  executions(): ExecutionRecord[] {
    return readdirSync(this.#executions)
      .map((folder) => join(this.#executions, folder, 'execution.json'))
      .filter((file) => existsSync(file))
      .map((file) => ExecutionRecord.parse(readJson(file)));
  }

  /** Keeps a new execution with the definition it runs, whatever becomes of its state machine. */
  addExecution(record: ExecutionRecord, definition: string): void {
    mkdirSync(this.#folder(record.executionArn), { recursive: true });
    writeFileSync(join(this.#folder(record.executionArn), 'definition.json'), definition);
    this.saveExecution(record);
  }

  saveExecution(record: ExecutionRecord): void {
    replace(join(this.#folder(record.executionArn), 'execution.json'), record);
  }

  execution(arn: string): ExecutionRecord {
    return ExecutionRecord.parse(readJson(join(this.#folder(arn), 'execution.json')));
  }

  definition(arn: string): string {
    return readFileSync(join(this.#folder(arn), 'definition.json'), 'utf8');
  }

  savePosition(arn: string, position: Position): void {
    replace(join(this.#folder(arn), 'position.json'), position);
  }

  /** Where the execution was last; undefined where it had entered no state yet. */
  position(arn: string): Position | undefined {
    const file = join(this.#folder(arn), 'position.json');
    return existsSync(file) ? SavedPosition.parse(readJson(file)) : undefined;
  }

  historyFile(arn: string): string {
    return join(this.#folder(arn), 'history.jsonl');
  }

  removeExecution(arn: string): void {
    rmSync(this.#folder(arn), { recursive: true, force: true });
  }

  #machineFile(arn: string): string {
    return join(this.#machines, `${digest(arn)}.json`);
  }

  #folder(arn: string): string {
    return join(this.#executions, digest(arn));
  }
}

/** Names may hold any letter of Unicode, so 80 characters may be too long for a file system. */
const digest = (arn: string) => createHash('sha256').update(arn).digest('hex').slice(0, 40);

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

function replace(file: string, value: unknown): void {
  writeFileSync(`${file}.new`, JSON.stringify(value));
  renameSync(`${file}.new`, file);
}

/** The part of a record that stays in memory. */
export function summaryOf(record: ExecutionRecord): ExecutionSummary {
  const { input: _input, output: _output, error: _error, cause: _cause, ...summary } = record;
  return summary;
}
