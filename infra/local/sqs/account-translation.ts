/** The only account that fauxqs knows. */
const FAUXQS_ACCOUNT = '000000000000';

/** Messages are nobody's to change, so these operations pass untouched. */
const CARRIES_MESSAGES = /^AmazonSQS\.(?:SendMessage|SendMessageBatch|ReceiveMessage)$/;

/** fauxqs says `sqs.<region>.localhost` for a host, which not every machine can resolve. */
const FAUXQS_QUEUE_URL = new RegExp(`https?://[^/"]+/${FAUXQS_ACCOUNT}/`, 'g');

const queueArnOf = (accountId: string): RegExp => new RegExp(`(?<=arn:aws:sqs:[\\w-]*:)${accountId}(?=:)`, 'g');

/** Makes queue ARNs and URLs carry our account and host outside, where fauxqs has its own inside. */
export function accountTranslation(accountId: string) {
  const outsideArn = queueArnOf(accountId);
  const insideArn = queueArnOf(FAUXQS_ACCOUNT);
  return {
    /** A queue's URL needs no translation here: fauxqs looks only at the name in it. */
    request: (target: string, body: string): string =>
      CARRIES_MESSAGES.test(target) ? body : body.replace(outsideArn, FAUXQS_ACCOUNT),
    /** @param host with the port, as the caller has it */
    answer: (target: string, body: string, host: string): string =>
      CARRIES_MESSAGES.test(target)
        ? body
        : body.replace(insideArn, accountId).replace(FAUXQS_QUEUE_URL, `http://${host}/${accountId}/`),
  };
}
