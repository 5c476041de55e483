// Sends one raw, fully signed DynamoDB request. No SDK: an SDK would mend or
// refuse the very requests whose answers are to be compared.
import http from 'node:http';
import https from 'node:https';
import { createHash, createHmac } from 'node:crypto';

const sha256 = (data) => createHash('sha256').update(data).digest('hex');
const hmac = (key, data) => createHmac('sha256', key).update(data).digest();

// The headers of a request signed with Signature Version 4.
export function sign({ host, target, payload, credentials, region, contentType, date = new Date() }) {
  const amzDate = date.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const day = amzDate.slice(0, 8);
  const headers = {
    'content-type': contentType ?? 'application/x-amz-json-1.0',
    host,
    'x-amz-content-sha256': sha256(payload),
    'x-amz-date': amzDate,
    ...(target === null ? {} : { 'x-amz-target': target }),
  };
  const names = Object.keys(headers).sort();
  const signedHeaders = names.join(';');
  const canonical = ['POST', '/', '', ...names.map((n) => `${n}:${headers[n]}`), '', signedHeaders, sha256(payload)];
  const scope = `${day}/${region}/dynamodb/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', amzDate, scope, sha256(canonical.join('\n'))].join('\n');
  const key = [day, region, 'dynamodb', 'aws4_request'].reduce(hmac, `AWS4${credentials.secretAccessKey}`);
  const signature = createHmac('sha256', key).update(toSign).digest('hex');
  headers.authorization =
    `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
  return headers;
}

export class Client {
  constructor(endpoint, credentials, region = 'us-east-1') {
    this.url = new URL(endpoint);
    this.credentials = credentials;
    this.region = region;
    this.transport = this.url.protocol === 'https:' ? https : http;
    this.agent = new this.transport.Agent({ keepAlive: true, maxSockets: 1 });
  }

  // `target` null sends no X-Amz-Target. `body` is an object, or a string or Buffer that is sent as it is. Resolves
  // to {status, headers, text, body}; body is undefined if it is no JSON.
  async send(operation, body, options) {
    try {
      return await this.sendOnce(operation, body, options);
    } catch (error) {
      if (!error.wasIdle) throw error;
      return this.sendOnce(operation, body, options);
    }
  }

  sendOnce(operation, body, { target = `DynamoDB_20120810.${operation}` } = {}) {
    const payload = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    const headers = sign({
      host: this.url.host, target, payload, credentials: this.credentials, region: this.region,
    });
    headers['content-length'] = payload.length;
    return new Promise((resolve, reject) => {
      const request = this.transport.request(
        { host: this.url.hostname, port: this.url.port, method: 'POST', path: '/', headers, agent: this.agent },
        (response) => {
          const chunks = [];
          response.on('data', (chunk) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8');
            let parsed;
            try {
              parsed = JSON.parse(text);
            } catch {
              parsed = undefined;
            }
            resolve({ status: response.statusCode, headers: response.headers, text, body: parsed });
          });
        },
      );
      request.setTimeout(180_000, () => request.destroy(new Error(`no answer to ${operation} from ${this.url.host}`)));
      // The server may close a connection that has been idle just when it is to be used again.
      request.on('error', (error) => reject(Object.assign(error, { wasIdle: request.reusedSocket && ['ECONNRESET', 'EPIPE'].includes(error.code) })));
      request.end(payload);
    });
  }

  close() {
    this.agent.destroy();
  }
}
