/** The only account that fauxqs knows. */
const FAUXQS_ACCOUNT = '000000000000';

/** Messages are nobody's to change, so these operations pass untouched. */
const CARRIES_MESSAGES = /^AmazonSQS\.(?:SendMessage|SendMessageBatch|ReceiveMessage)$/;

/** Makes queue ARNs and URLs carry `accountId` outside, where fauxqs has its own inside. */
export function accountTranslation(accountId: string) {
  const renamed = (from: string, to: string) => (target: string, body: string) =>
    CARRIES_MESSAGES.test(target)
      ? body
      : body
          .replace(new RegExp(`(arn:aws:sqs:[\\w-]*:)${from}(?=:)`, 'g'), `$1${to}`)
          .replace(new RegExp(`(https?://[^/"]+/)${from}(?=/)`, 'g'), `$1${to}`);
  return { request: renamed(accountId, FAUXQS_ACCOUNT), answer: renamed(FAUXQS_ACCOUNT, accountId) };
}
