// A second evaluator of policies, written from AWS's documentation and as plainly as can be: every rule is spelled out, nothing
// is compiled, nothing is fast. random.mjs holds the server's evaluator against it.
//
// AWS: "Policy evaluation logic", "IAM JSON policy elements: Condition operators", "Set operators for multivalued context keys",
// "IAM policy elements: Variables and tags", "AWS JSON policy elements: Principal", "... NotPrincipal".

const list = (value) => (Array.isArray(value) ? value : [value]);

class Unresolved extends Error {}

// ---- texts with variables and wildcards ----

// Pieces of a text: {literal}, {any}, {one}. Variables become literals, or throw.
function pieces(text, { variables, wildcards }, lookUp) {
  const out = [];
  for (let i = 0; i < text.length; ) {
    const variable = variables && /^\$\{((?:[^}']|'[^']*')*)\}/.exec(text.slice(i));
    if (variable) {
      out.push({ literal: valueOf(variable[1], lookUp) });
      i += variable[0].length;
    } else if (wildcards && text[i] === '*') {
      out.push({ any: true });
      i++;
    } else if (wildcards && text[i] === '?') {
      out.push({ one: true });
      i++;
    } else {
      out.push({ literal: text[i++] });
    }
  }
  return out;
}

function valueOf(inside, lookUp) {
  if (['*', '?', '$'].includes(inside)) return inside;
  const [, name, fallback] = /^ *([^,]*?) *(?:, *'(.*)' *)?$/.exec(inside) ?? [null, inside, undefined];
  const values = lookUp(name);
  // "Multivalued condition keys are not allowed" as variables; in a question a list is the value of such a key.
  if (values.length > 0 && lookUp.isMultivalued(name)) throw new Unresolved(name);
  if (values.length === 1) return values[0];
  if (fallback === undefined) throw new Unresolved(name);
  return fallback;
}

const quoted = (text) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

function matches(parts, text, { any = '.*', one = '.', ignoreCase = false } = {}) {
  const source = parts.map((part, i) => (part.any ? (typeof any === 'function' ? any(parts, i) : any) : part.one ? one : quoted(part.literal)));
  return new RegExp(`^(?:${source.join('')})$`, ignoreCase ? 'isu' : 'su').test(text);
}

// "If the * wildcard is the last character of a resource ARN segment, it can expand to match beyond the colon boundaries."
function starOfArn(parts, i) {
  let next = i;
  while (parts[next]?.any) next++;
  return next === parts.length || parts[next].colon ? '.*' : '[^:]*';
}

function resourceMatches(pattern, resource, variables, lookUp) {
  // Colons of the pattern itself end its segments; those of a variable's value do not.
  const colons = splitArn(pattern, variables).length - 1;
  const completed = pattern === '*' || colons >= 5 || colons === 0 ? pattern : pattern + ':*'.repeat(5 - colons);
  const parts = [];
  let rest = completed;
  for (const part of pieces(completed, { variables, wildcards: true }, lookUp)) {
    const fromVariable = variables && /^\$\{(?:[^}']|'[^']*')*\}/.exec(rest);
    rest = rest.slice(fromVariable ? fromVariable[0].length : 1);
    parts.push({ ...part, colon: !fromVariable && part.literal === ':' });
  }
  return matches(parts, resource, { any: starOfArn, one: '[^:]' });
}

function splitArn(text, variables) {
  const parts = [''];
  for (let i = 0; i < text.length; ) {
    const variable = variables && /^\$\{(?:[^}']|'[^']*')*\}/.exec(text.slice(i));
    if (variable) {
      parts[parts.length - 1] += variable[0];
      i += variable[0].length;
    } else if (text[i] === ':' && parts.length < 6) {
      parts.push('');
      i++;
    } else {
      parts[parts.length - 1] += text[i++];
    }
  }
  return parts;
}

// Any of the patterns; one whose variable has no value matches nothing, and NotResource with such a one is about nothing.
function among(patterns, inverted, test) {
  let unresolved = false;
  const found = list(patterns).some((pattern) => {
    try {
      return test(pattern);
    } catch (error) {
      if (!(error instanceof Unresolved)) throw error;
      unresolved = true;
      return false;
    }
  });
  return inverted ? !found && !unresolved : found;
}

// ---- conditions ----

function number(text) {
  const read = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (!read) return undefined;
  const scaled = BigInt(read[2] + (read[3] ?? '').padEnd(40, '0'));
  return read[1] === '-' ? -scaled : scaled;
}

function date(text) {
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  if (!/^\d{4}-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?)?$/.test(text)) return undefined;
  const time = Date.parse(text.includes('T') && !/(Z|[+-]\d\d:\d\d)$/.test(text) ? `${text}Z` : text);
  return Number.isNaN(time) ? undefined : time;
}

function address(text) {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) {
    const bytes = text.split('.').map(Number);
    return bytes.every((byte) => byte < 256) ? { bits: 32, value: bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n) } : undefined;
  }
  if (!/^[0-9a-fA-F:]+$/.test(text) || !text.includes(':')) return undefined;
  const [head, tail] = text.split('::').map((half) => (half === '' ? [] : half.split(':')));
  const groups = tail ? [...head, ...Array(8 - head.length - tail.length).fill('0'), ...tail] : head;
  return { bits: 128, value: groups.reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n) };
}

function inNetwork(network, text) {
  const [start, prefix] = network.split('/');
  const net = address(start);
  const given = address(text);
  if (!net || !given || net.bits !== given.bits) return false;
  const shift = BigInt(net.bits - Number(prefix ?? net.bits));
  return net.value >> shift === given.value >> shift;
}

const compare = (read, holds) => (wanted, given) => {
  const [a, b] = [read(given), read(wanted)];
  return a !== undefined && b !== undefined && holds(a, b);
};
const equal = (a, b) => a === b;
const less = (a, b) => a < b;
const lessOrEqual = (a, b) => a <= b;
const greater = (a, b) => a > b;
const greaterOrEqual = (a, b) => a >= b;

const string = (options) => (wanted, given, variables, lookUp) =>
  matches(pieces(wanted, { variables, wildcards: options.wildcards }, lookUp), given, options);

function arn(wanted, given, variables, lookUp) {
  const [patterns, parts] = [splitArn(wanted, variables), splitArn(given, false)];
  if (patterns.length < 6 || parts.length < 6) return false;
  // All variables must have a value, whatever the other parts say.
  const read = patterns.map((pattern) => pieces(pattern, { variables, wildcards: true }, lookUp));
  return read.every((pattern, i) => matches(pattern, parts[i]));
}

const positive = {
  StringEquals: string({}),
  StringEqualsIgnoreCase: string({ ignoreCase: true }),
  StringLike: string({ wildcards: true }),
  NumericEquals: compare(number, equal),
  NumericLessThan: compare(number, less),
  NumericLessThanEquals: compare(number, lessOrEqual),
  NumericGreaterThan: compare(number, greater),
  NumericGreaterThanEquals: compare(number, greaterOrEqual),
  DateEquals: compare(date, equal),
  DateLessThan: compare(date, less),
  DateLessThanEquals: compare(date, lessOrEqual),
  DateGreaterThan: compare(date, greater),
  DateGreaterThanEquals: compare(date, greaterOrEqual),
  Bool: (wanted, given) => wanted.toLowerCase() === given.toLowerCase(),
  BinaryEquals: equal,
  IpAddress: inNetwork,
  ArnEquals: arn,
  ArnLike: arn,
};
const negative = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  NumericNotEquals: 'NumericEquals',
  DateNotEquals: 'DateEquals',
  NotIpAddress: 'IpAddress',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
};

function conditionHolds(operator, key, wanted, { denies, variables, lookUp }) {
  const [, set, name, ifExists] = /^(ForAllValues:|ForAnyValue:)?(.*?)(IfExists)?$/.exec(operator);
  const texts = list(wanted).map(String);
  const given = lookUp(key);
  if (name === 'Null') return texts.some((text) => (text === 'true') === (given.length === 0));
  const negated = name in negative;
  const test = positive[negated ? negative[name] : name];

  const emptySet = set && given.length === 1 && given[0] === '';
  if (given.length === 0 || emptySet) {
    if (ifExists) return true;
    if (set) return set === 'ForAllValues:';
    return negated;
  }
  const passes = (value) => among(texts, negated, (text) => test(text, value, variables, lookUp));
  if (set === 'ForAllValues:') return given.every(passes);
  if (set === 'ForAnyValue:') return given.some(passes);
  // Several values without a set operator: what grants least.
  if (given.length > 1) return denies && given.some(passes);
  return passes(given[0]);
}

// ---- statements ----

// Who the principal is, by all names that a policy may use.
function namesOf(principal) {
  return {
    self: { AWS: principal.arn, Federated: principal.kind === 'service' ? '' : principal.provider, Service: principal.kind === 'service' ? principal.provider : '' },
    origin: principal.origin,
    accounts: principal.account ? [principal.account, `arn:aws:iam::${principal.account}:root`] : [],
  };
}

// 'self', 'origin', 'account' or undefined: the closest way in which the element names the principal.
function namedBy(element, principal, denies) {
  const names = namesOf(principal);
  const pairs = element === '*' ? [['AWS', '*']] : Object.entries(element).flatMap(([type, texts]) => list(texts).map((text) => [type, text]));
  const how = new Set();
  for (const [type, text] of pairs) {
    if (type === 'AWS' && text === '*') {
      if (denies || principal.account) how.add('self');
    } else if (type === 'AWS' && names.accounts.includes(text)) {
      how.add(principal.kind === 'root' ? 'self' : 'account');
    } else if (text !== '' && text === names.self[type]) {
      how.add('self');
    } else if (type === 'AWS' && text !== '' && text === names.origin) {
      how.add('origin');
    }
  }
  return ['self', 'origin', 'account'].find((one) => how.has(one));
}

// NotPrincipal. "When you use NotPrincipal with Deny, you must also specify the account ARN of the not-denied principal", and of a
// session the role's.
function notNamed(element, principal, denies) {
  if (!denies) return namedBy(element, principal, false) === undefined;
  const names = namesOf(principal);
  const has = (type, text) => element !== '*' && list(element[type] ?? []).includes(text);
  const everyone = Boolean(principal.account) && (element === '*' || has('AWS', '*'));
  const self =
    principal.kind === 'root' ||
    everyone ||
    Object.entries(names.self).some(([type, text]) => text && has(type, text)) ;
  const account = names.accounts.length === 0 || names.accounts.some((text) => has('AWS', text));
  const origin = !names.origin || has('AWS', names.origin);
  return !(everyone || (self && account && origin));
}

function applies(statement, question, { variables, trust }) {
  const { principal } = question;
  const lookUp = (key) => {
    const found = Object.entries(question.context ?? {}).find(([name]) => name.toLowerCase() === key.toLowerCase());
    return found ? list(found[1]) : [];
  };
  lookUp.isMultivalued = (key) => Object.entries(question.context ?? {}).some(([name, value]) => name.toLowerCase() === key.toLowerCase() && Array.isArray(value));
  const denies = statement.Effect === 'Deny';
  let how = 'self';
  if (statement.Principal) how = namedBy(statement.Principal, principal, denies);
  if (statement.NotPrincipal) how = notNamed(statement.NotPrincipal, principal, denies) ? 'self' : undefined;
  if (!how) return undefined;

  const action = (pattern) => matches(pieces(pattern, { wildcards: true }), question.action, { ignoreCase: true });
  if (!among(statement.Action ?? statement.NotAction, !statement.Action, action)) return undefined;
  const resource = (pattern) => resourceMatches(pattern, question.on, variables, lookUp);
  if (!trust && !among(statement.Resource ?? statement.NotResource, !statement.Resource, resource)) return undefined;
  for (const [operator, keys] of Object.entries(statement.Condition ?? {})) {
    for (const [key, wanted] of Object.entries(keys)) {
      if (!conditionHolds(operator, key, wanted, { denies, variables, lookUp })) return undefined;
    }
  }
  return how;
}

// {denied, allowed: Set of 'self', 'origin', 'account'} of some policies.
function say(policies, question, trust = false) {
  const allowed = new Set();
  let denied = false;
  for (const policy of policies) {
    const document = policy.Statement ? policy : { Version: '2012-10-17', Statement: policy };
    for (const statement of list(document.Statement)) {
      const how = applies(statement, question, { variables: document.Version === '2012-10-17', trust });
      if (how && statement.Effect === 'Deny') denied = true;
      if (how && statement.Effect === 'Allow') allowed.add(how);
    }
  }
  return { denied, allowed };
}

/** "allowed by identity", "not allowed by session", "denied by resource", ... */
export function evaluate(question) {
  const { principal, trust } = question;
  const identity = say(question.identity ?? [], question);
  const boundary = question.boundary && say([question.boundary], question);
  const session = question.session?.length > 0 ? say(question.session, question) : undefined;
  const resource = say([trust ?? question.resource ?? []], question, Boolean(trust));

  for (const [name, said] of Object.entries({ identity, boundary, session, resource })) {
    if (said?.denied) return `denied by ${name}`;
  }
  // Granted to the principal itself: nothing else limits it.
  if (resource.allowed.has('self')) return 'allowed by resource';
  // Granted to its role: limited by boundary and session.
  const toRole = resource.allowed.has('origin');
  // A role must trust; trusting the account leaves it to the account's policies.
  if (trust && resource.allowed.size === 0) return 'not allowed by resource';
  const own = identity.allowed.size > 0;
  if (!toRole && !own && principal.kind !== 'root') return 'not allowed by identity';
  if (boundary && boundary.allowed.size === 0) return 'not allowed by boundary';
  if (session && session.allowed.size === 0) return 'not allowed by session';
  if (own) return 'allowed by identity';
  return toRole ? 'allowed by resource' : 'allowed by none';
}
