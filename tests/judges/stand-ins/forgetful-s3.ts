import { createServer, request } from 'node:http';
import { join } from 'node:path';
import { startS3 } from '../../../infra/local/s3/s3.ts';

/**
 * Our S3 with a defect planted: it does not look at If-None-Match, so a second writer takes the first one's place.
 * `node forgetful-s3.ts FOLDER PORT`
 */
const [folder = '', port = ''] = process.argv.slice(2);
const { endpoint } = await startS3({ folder: join(folder, 'data') });

createServer((asked, answer) => {
  const { 'if-none-match': _, ...headers } = asked.headers;
  const options = { method: asked.method ?? 'GET', headers };
  const passedOn = request(`${endpoint}${asked.url}`, options, (said) => {
    answer.writeHead(said.statusCode ?? 500, said.headers);
    said.pipe(answer);
  });
  passedOn.on('error', () => answer.destroy());
  asked.pipe(passedOn);
}).listen(Number(port), '127.0.0.1');
