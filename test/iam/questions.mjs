// Makes up policies and requests from a seed. The words are few, so that statements and requests often meet.
import { randomNumbers } from '../lib/random.js';

const ACCOUNT = '111122223333';
const TABLE = `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/App`;

const actions = ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:DeleteItem', 'dynamodb:DescribeTable', 'dynamodb:GetRecords', 's3:GetObject'];
const resources = ['Track', 'Track/index/byUser', 'Tracks', 'User', 'ana', 'Track/stream/2026-11-23T21:14:50.354'].map((name) => TABLE + name).concat('*', 'arn:aws:s3:::bucket/ana/key');
const stsActions = ['sts:AssumeRole', 'sts:AssumeRoleWithWebIdentity', 'sts:TagSession'];

const principals = [
  { kind: 'user', account: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:user/ana` },
  { kind: 'user', account: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:user/team/ben` },
  { kind: 'session', account: ACCOUNT, arn: `arn:aws:sts::${ACCOUNT}:assumed-role/App/s1`, origin: ROLE },
  { kind: 'session', account: ACCOUNT, arn: `arn:aws:sts::${ACCOUNT}:assumed-role/App/s2`, origin: ROLE, provider: 'cognito-identity.amazonaws.com' },
  { kind: 'federated', account: ACCOUNT, arn: `arn:aws:sts::${ACCOUNT}:federated-user/fay`, origin: `arn:aws:iam::${ACCOUNT}:user/ana` },
  { kind: 'root', account: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:root` },
  { kind: 'web', provider: 'cognito-identity.amazonaws.com' },
  { kind: 'service', provider: 'lambda.amazonaws.com' },
];
const awsNames = ['*', ACCOUNT, `arn:aws:iam::${ACCOUNT}:root`, '999999999999', ROLE, ...principals.map(({ arn }) => arn).filter((arn) => arn && !arn.endsWith(':root'))];

// Keys by the type of their values; the values are what requests and policies choose from.
const types = {
  String: ['ana', 'Ana', 'ben', 'team red', 'x*y', 'a?a', '', 'straße', 'Track'],
  Numeric: ['1', '01', '1.0', '1.5', '-2', '10', '-0', '0'],
  Date: ['2026-11-26', '2026-11-26T09:30:00Z', '2026-11-26T10:30:00+01:00', '1795685400', '2026-11', '2026-11-26T09:30:00.5Z', '0'],
  Bool: ['true', 'false', 'True'],
  Binary: ['YQ==', 'Yg==', 'YWI='],
  Ip: ['203.0.113.7', '203.0.113.200', '10.0.0.1', '2001:db8::1', '2001:db8:1:2:3:4:5:6', '::1'],
  Arn: [`arn:aws:iam::${ACCOUNT}:user/ana`, `arn:aws:sns:eu-west-1:${ACCOUNT}:topic/a`, 'arn:aws:s3:::bucket/a:b', 'no arn'],
};
const keys = {
  'aws:username': 'String',
  'aws:PrincipalTag/team': 'String',
  'dynamodb:LeadingKeys': 'String',
  'dynamodb:Attributes': 'String',
  'aws:PrincipalArn': 'Arn',
  'aws:SourceArn': 'Arn',
  'aws:CurrentTime': 'Date',
  'aws:EpochTime': 'Date',
  's3:max-keys': 'Numeric',
  numbers: 'Numeric',
  'aws:SecureTransport': 'Bool',
  'aws:SourceIp': 'Ip',
  networks: 'Ip',
  'x:binary': 'Binary',
};
const networks = ['203.0.113.0/24', '203.0.113.128/25', '0.0.0.0/0', '2001:db8::/32', '2001:db8:1::/47', '::/0', '10.0.0.1', '::1/128'];
const operators = {
  String: ['StringEquals', 'StringNotEquals', 'StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', 'StringLike', 'StringNotLike'],
  Numeric: ['Equals', 'NotEquals', 'LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals'].map((name) => `Numeric${name}`),
  Date: ['Equals', 'NotEquals', 'LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals'].map((name) => `Date${name}`),
  Bool: ['Bool'],
  Binary: ['BinaryEquals'],
  Ip: ['IpAddress', 'NotIpAddress'],
  Arn: ['ArnEquals', 'ArnNotEquals', 'ArnLike', 'ArnNotLike'],
};
const variables = ['aws:username', 'AWS:USERNAME', 'aws:PrincipalTag/team', 'aws:userid', 'dynamodb:LeadingKeys', '*', '?', '$', "aws:userid, 'ana'", "aws:username,'x}y'", "aws:userid, ''", 's3:max-keys'];

export class Questions {
  constructor(seed) {
    this.next = randomNumbers(seed);
  }

  chance(of) {
    return this.next() < of;
  }
  below(count) {
    return Math.floor(this.next() * count);
  }
  pick(from) {
    return from[this.below(from.length)];
  }
  some(from, most = 3) {
    return Array.from({ length: 1 + this.below(most) }, () => this.pick(from));
  }
  // One value as itself or in a list.
  shaped(values) {
    return values.length === 1 && this.chance(0.5) ? values[0] : values;
  }

  // The text with some spans of it exchanged for wildcards and variables.
  pattern(text, withVariables = true) {
    let out = text;
    for (let times = this.below(4); times > 0; times--) {
      const start = this.below(out.length + 1);
      const length = this.below(Math.min(12, out.length - start + 1));
      const instead = this.chance(0.5) ? '*' : this.chance(0.4) || !withVariables ? '?' : this.variable();
      // Not into the middle of a variable.
      if (/\$\{[^}]*$/.test(out.slice(0, start)) || /\$\{|\}/.test(out.slice(start, start + length))) continue;
      out = out.slice(0, start) + instead + out.slice(start + (instead === '?' ? Math.min(1, length) : length));
    }
    return out;
  }
  variable() {
    return `\${${this.pick(variables)}}`;
  }

  resourcePattern(on) {
    if (this.chance(0.15)) return '*';
    const text = this.chance(0.6) ? on : this.pick(resources);
    if (text === '*') return '*';
    if (this.chance(0.05) && !text.includes('::')) return text.split(':').slice(0, 3 + this.below(3)).join(':');
    // The parts that IAM holds to rules of its own stay: those of its own ARNs and of buckets, and the vendor of all.
    const [, kept, free] = /^(arn:aws:iam::\d+:role\/|arn:aws:s3:::|arn:aws:dynamodb:)(.*)$/.exec(text);
    for (;;) {
      const pattern = kept + this.pattern(free);
      if (!/^arn:aws:dynamodb:(:|$)/.test(pattern)) return pattern;
    }
  }
  actionPattern(action) {
    if (this.chance(0.15)) return '*';
    const [vendor, name] = (this.chance(0.7) ? action : this.pick(actions)).split(':');
    return `${vendor}:${this.pattern(this.chance(0.2) ? name.toUpperCase() : name, false).replace(/[^A-Za-z*?]/g, '')}`;
  }
  // The vendors of a resource's policy are DynamoDB's alone.
  tableAction(action) {
    return this.actionPattern(action).replace(/^[^*:]*:/, 'dynamodb:').replace(/:$/, ':*');
  }

  value(type) {
    if (type === 'Ip') return this.chance(0.6) ? this.pick(networks) : this.pick(types.Ip);
    if (type === 'String') return this.chance(0.4) ? this.pattern(this.pick(types.String)) : this.pick(types.String);
    if (type === 'Arn') return this.chance(0.6) ? this.pattern(this.pick(types.Arn)) : this.pick(types.Arn);
    return this.pick(types[type]);
  }
  condition() {
    const condition = {};
    for (let times = 1 + this.below(2); times > 0; times--) {
      const key = this.pick(Object.keys(keys));
      const type = keys[key];
      const written = this.chance(0.1) ? key.toUpperCase() : key;
      if (this.chance(0.08)) {
        condition[`${this.chance(0.2) ? 'ForAllValues:' : ''}Null`] = { [written]: this.shaped(this.some(['true', 'false'], 2)) };
        continue;
      }
      const set = this.chance(0.5) ? '' : this.pick(['ForAllValues:', 'ForAnyValue:']);
      const operator = set + this.pick(operators[type]) + (this.chance(0.2) ? 'IfExists' : '');
      const values = this.chance(0.05) ? [] : Array.from({ length: 1 + this.below(3) }, () => this.value(type));
      condition[operator] = { ...condition[operator], [written]: this.shaped(values) };
    }
    return condition;
  }

  principalElement() {
    if (this.chance(0.1)) return '*';
    const element = {};
    if (this.chance(0.8)) element.AWS = this.shaped(this.some(awsNames, 4));
    if (this.chance(0.3)) element.Federated = this.shaped(this.some(['cognito-identity.amazonaws.com', 'accounts.google.com', 'lambda.amazonaws.com'], 2));
    if (this.chance(0.3)) element.Service = this.shaped(this.some(['lambda.amazonaws.com', 'ecs-tasks.amazonaws.com', 'cognito-identity.amazonaws.com'], 2));
    if (this.chance(0.05)) element.CanonicalUser = 'abc';
    return Object.keys(element).length > 0 ? element : '*';
  }

  statement(question, kind) {
    const statement = { Effect: this.chance(kind === 'identity' ? 0.75 : 0.7) ? 'Allow' : 'Deny' };
    if (kind === 'trust') {
      statement.Principal = this.principalElement();
      statement.Action = this.shaped(this.some(this.chance(0.6) ? [question.action] : [...stsActions, 'sts:AssumeRole*'], 2));
    } else {
      if (kind === 'resource') statement[this.chance(0.85) ? 'Principal' : 'NotPrincipal'] = this.principalElement();
      const action = () => (kind === 'resource' ? this.tableAction(question.action) : this.actionPattern(question.action));
      statement[this.chance(0.9) ? 'Action' : 'NotAction'] = this.shaped(Array.from({ length: 1 + this.below(3) }, action));
      const names = Array.from({ length: 1 + this.below(3) }, () => this.resourcePattern(question.on));
      statement[this.chance(0.9) ? 'Resource' : 'NotResource'] = this.shaped(names);
    }
    if (this.chance(0.5)) statement.Condition = this.condition();
    return statement;
  }
  policy(question, kind) {
    const statements = Array.from({ length: 1 + this.below(3) }, () => this.statement(question, kind));
    const version = this.chance(0.92) ? { Version: '2012-10-17' } : this.chance(0.5) ? { Version: '2008-10-17' } : {};
    return { ...version, Statement: this.shaped(statements) };
  }
  policies(question, most) {
    return Array.from({ length: this.below(most + 1) }, () => this.policy(question, 'identity'));
  }

  context() {
    const context = {};
    for (const [key, type] of Object.entries(keys)) {
      if (this.chance(0.3)) continue;
      // Now and then a value of another type.
      const from = types[this.chance(0.05) ? this.pick(Object.keys(types)) : type];
      if (this.chance(0.3)) context[key] = this.chance(0.1) ? [] : this.some(from, 3);
      else context[key] = this.pick(from);
    }
    return context;
  }

  one() {
    const question = { principal: this.pick(principals), context: this.context() };
    const trust = this.chance(0.2);
    question.action = this.pick(trust ? stsActions : actions);
    question.on = trust ? `arn:aws:iam::${ACCOUNT}:role/Next` : this.pick(resources);
    question.identity = this.policies(question, 2);
    question.session = this.chance(0.3) ? this.policies(question, 2) : [];
    if (this.chance(0.25)) question.boundary = this.policy(question, 'identity');
    if (trust) question.trust = this.policy(question, 'trust');
    else if (this.chance(0.5)) question.resource = this.policy(question, 'resource');
    return question;
  }
}
