import type { FunctionConfiguration } from './function-configuration.ts';

/**
 * The variables that Lambda itself sets ("Defined runtime environment variables" in its developer guide). The access
 * key id names the function's role, so that a stand-in can tell whose rights a call has.
 */
export function lambdaVariables(
  { name, memoryMegabytes, codeFolder, handler, runtime, roleArn, logGroup }: FunctionConfiguration,
  region: string,
  logStreamName: string,
): Record<string, string> {
  return {
    _HANDLER: handler,
    AWS_ACCESS_KEY_ID: accessKeyOf(roleArn),
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMegabytes),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: logStreamName,
    AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
    AWS_XRAY_DAEMON_ADDRESS: '127.0.0.1:2000',
    LAMBDA_TASK_ROOT: codeFolder,
    LANG: 'en_US.UTF-8',
    PATH: '/usr/local/bin:/usr/bin:/bin',
    TZ: ':UTC',
  };
}

/**
 * An access key id that carries the name of a role, `AKIA-<role name>`; SigV4 allows neither `/` nor `,` in one, and
 * CloudFormation makes neither. Not `ASIA`: such keys are sessions of the STS stand-in, which would not know it.
 */
function accessKeyOf(roleArn: string): string {
  return `AKIA-${roleArn.slice(roleArn.lastIndexOf('/') + 1)}`;
}
