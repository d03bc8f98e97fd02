import { closedGaps } from './deploy/closed-gaps.ts';
import { JUDGES } from './judges.ts';
import { allowedFindings } from './output/focus-validator.ts';
import { ACKNOWLEDGED } from './template/checkov.ts';
import type { Verdict } from './verdict.ts';

const HEADINGS = ['judge', 'version', 'what it judged', 'count', 'verdict', 'time'];

const cellsOf = ({ judge, version, subject, count, verdict, seconds, answered }: Verdict): readonly string[] => [
  ...[judge, version, subject, count, verdict],
  `${seconds.toFixed(0)} s${answered === undefined ? '' : `, ${answered.asked} asked, ${answered.remembered} remembered`}`,
];

/** The verdicts as they are shown in a terminal. */
export function terminalTable(verdicts: readonly Verdict[]): string {
  const rows = [HEADINGS, ...verdicts.map(cellsOf)];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** A page without what every run writes anew: how long each judge took, and what of it was remembered. */
export function withoutTimes(page: string): string {
  return page.replaceAll(/ \d+ s(, \d+ asked, \d+ remembered)? \|$/gm, '');
}

/** `docs/judged.md`: who has judged what, what they said, and what nobody has judged. */
export function judgedPage(verdicts: readonly Verdict[]): string {
  const row = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const rule = (columns: number) => row(Array.from({ length: columns }, () => '---'));
  const remarks = verdicts.filter(({ remark }) => remark !== '');
  const firstLines = (text: string) => text.split('\n').slice(0, 3).join(' ');
  return `# What others' software says of it

There is no AWS account behind this project, so the template, the SQL, the API and the files are put before software that
nobody here wrote. \`npm run judge\` does it and writes this page; \`npm run judge:<name>\` asks one group of judges. They
are installed, in pinned versions, into \`.cache/judges\` or the folder that \`JUDGE_CACHE\` names. A *planted* row is a
defect that was put in for the judge to find. Trino is slow and gives one answer to one question: what it answered before is
kept beside the installs and not asked again while the statement, the bytes it reads, version and configuration are the
same. How many statements were *asked* and how many *remembered* stands beside the time; DuckDB's side and the comparison are
made anew in every run.

${row(HEADINGS)}
${rule(HEADINGS.length)}
${verdicts.map((verdict) => row(cellsOf(verdict))).join('\n')}

## To know with it

${remarks.map(({ judge, subject, remark }) => `* **${judge}**, ${subject}: ${firstLines(remark)}`).join('\n')}

## Findings that are none

cdk-nag's are acknowledged in the code, beside the resource each is about. cfn-lint's W3005 and W3045 are how CDK writes a
dependency and a bucket for S3's own logs. What schemathesis may not hold against the API stands, with reasons, in
\`tests/judges/api/schemathesis.toml\`. The others:

${row(['judge', 'rule', 'why it does not hold'])}
${rule(3)}
${Object.entries(ACKNOWLEDGED)
  .map(([id, { reason }]) => row([JUDGES.checkov.name, id, reason]))
  .join('\n')}
${[...allowedFindings()].map(([id, why]) => row([JUDGES.focusValidator.name, id, why])).join('\n')}

## Where ministack was put right

The template is deployed as it was synthesized, byte for byte, over https. What ministack lacks of AWS is added to it from
outside, in \`tests/judges/deploy/*_gaps.py\`:

${closedGaps()
  .map((gap) => `* ${gap}`)
  .join('\n')}

## What each verdict is worth

${row(['judge', 'says', 'cannot say'])}
${rule(3)}
${Object.values(JUDGES)
  .map(({ name, says, cannotSay }) => row([name, says, cannotSay]))
  .join('\n')}

${NOT_JUDGED}`;
}

const NOT_JUDGED = `## What nobody has judged

* AWS itself: no account was used. CloudFormation, IAM, Athena, Step Functions, Cognito and EventBridge are known from
  their documentation only.
* Rights that AWS asks for behind its front door: of state machines, event-source mappings, EventBridge and Athena under
  its caller. ministack asks IAM for calls that come in over HTTP only. Our stand-ins ask for all, and \`tests/iam\` holds that.
* Alarms over expressions, projected partitions' limits, heartbeats, fresh tokens and 256 KiB on ministack: it takes them
  and does nothing, or otherwise than AWS. Our stand-ins' suites hold each.
* The API's own host name: on ministack a path says which API is meant.
* Athena's engine v3. Trino is the engine family it is made of; version 435 is the nearest that runs on JDK 17. Athena's
  own limits (100 partitions a statement, 262,144 bytes of text) are refused by our stand-in, whose tests say so.
* Step Functions: nobody else's implementation is good enough to judge ours by. Its suite is written from AWS's
  documentation.
* FOCUS 1.3: there are no rules of it to be had yet. Ledgers are FOCUS 1.2 whatever was delivered.
* Known vulnerabilities of the packages in use: their databases cannot be reached from where this is built.
* Amounts: no other product prices by these rules. They are held by golden examples and by tests that calculate anew.
`;
