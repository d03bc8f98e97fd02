import type { Behaviour } from './behaviours.ts';
import type { SuiteResult } from './run-suite-elsewhere.ts';

/** What another implementation makes of a service's suite. */
export interface Elsewhere extends SuiteResult {
  readonly service: string;
  /** Its name and version. */
  readonly name: string;
  /** Behaviours in which it is known to differ, or to differ at times. */
  readonly known: readonly string[];
}

/** `docs/behaviours.md`: every behaviour of a stand-in, AWS's page for it, and who else behaves so. */
export function behavioursPage(behaviours: readonly Behaviour[], elsewhere: readonly Elsewhere[]): string {
  const services = [...Map.groupBy(behaviours, ({ service }) => service)];
  return `# What the stand-ins do

Each line is a test of \`infra/local\`, and each of them passes (\`npm run test:stand-ins\`). What it expects is from the page of
AWS's documentation beside it. Where there is a second implementation to be had, \`npm run judge:stand-ins\` runs the same test
on it; what it does not play, or only we can show, is not asked of it. Written by that command.

${services.map(([service, ofService]) => section(service, ofService, elsewhere)).join('\n\n')}
`;
}

function section(service: string, behaviours: readonly Behaviour[], elsewhere: readonly Elsewhere[]): string {
  const other = elsewhere.find((one) => one.service === service);
  const said = ({ fullName }: Behaviour) => {
    if (other === undefined) return '';
    if (other.known.includes(fullName)) return ' known to differ |';
    return other.passed.includes(fullName) ? ' the same |' : ' not asked |';
  };
  const rows = behaviours.map(
    (one) => `| ${cell(one.words)} | [${pageOf(one.source ?? '')}](${one.source}) |${said(one)}`,
  );
  return [
    `## ${service}: ${behaviours.length}`,
    '',
    `| behaviour | documented in |${other === undefined ? '' : ` ${other.name} |`}`,
    `| --- | --- |${other === undefined ? '' : ' --- |'}`,
    ...rows,
  ].join('\n');
}

function cell(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll('<', '&lt;');
}

/** `API_StartExecution` of its address. */
function pageOf(source: string): string {
  return source.replace(/^.*\//, '').replace(/\.html.*$/, '');
}
