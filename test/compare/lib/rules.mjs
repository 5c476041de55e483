// What a pattern cannot say of an explained difference. Each rule is a function of { step, table, oracle, server, lines }: the
// request, the table it is about (of random requests), the two answers, and the lines that differ.

import { objection, tells } from './model.mjs';

/*
 * The order of checks. A request can have several faults, and the two servers may tell of different ones. DynamoDB looks first
 * at what the request alone tells, then for the table, then at what the table's schema tells, then at the data. A difference is
 * one of order only if the server's fault is one that belongs to an earlier stage than the oracle's.
 */
const stages = [
  // the form
  [/^400 SerializationException: /],
  // the constraints of the model
  [/^400 ValidationException: \d+ validation errors? detected: /],
  // the request
  [
    /^400 ValidationException: Invalid (Condition|Filter|Update|Projection|KeyCondition)Expression: /,
    /^400 ValidationException: ExpressionAttribute(Names|Values) /,
    /^400 ValidationException: Value provided in ExpressionAttribute(Names|Values) unused in expressions: /,
    /^400 ValidationException: (Must specify the AttributesToGet|Cannot specify the ProjectionExpression|ALL_PROJECTED_ATTRIBUTES can be used only)/,
    /^400 ValidationException: (Either the KeyConditions or KeyConditionExpression|KeyConditionExpressions )/,
    /^400 ValidationException: (The parameter cannot be converted to a numeric value|Attempting to store more than 38 significant digits|Number (over|under)flow)/,
    /^400 ValidationException: (Supplied AttributeValue |Nesting Levels have exceeded)/,
    /^400 ValidationException: One or more parameter values were invalid: (Input collection|An (string|number|binary) set|Null attribute value|Binary sets|Number|String sets)/,
    /^400 ValidationException: (ReturnValues can only be|Return values set to invalid value)/,
    /^400 ValidationException: (The (Total)?Segments? parameter|Too many items requested|Invalid table\/index name)/,
    /^400 ValidationException: Filter Expression can only contain .*aggregat/,
  ],
  // the table
  [/^400 ResourceNotFoundException: /],
  // the schema
  [
    /^400 ValidationException: The provided key element does not match the schema/,
    /^400 ValidationException: The number of conditions on the keys is invalid/,
    /^400 ValidationException: One of the required keys was not given a value/,
    /^400 ValidationException: (Invalid attribute value type|Type mismatch for attribute to update)/,
    /^400 ValidationException: One or more parameter values were invalid: (Type mismatch for|Missing the key|Cannot update attribute|Size of hashkey|Aggregated size|Size limit exceeded|Condition parameter type|Secondary index|Global secondary index|Select type)/,
    /^400 ValidationException: One or more parameter values are not valid\./,
    /^400 ValidationException: Hash primary key values must be under 2048 bytes/,
    /^400 ValidationException: (The table does not have the specified index|Consistent reads? )/,
    /^400 ValidationException: (Query condition missed key schema element|Query key condition not supported|Conditions can be of length)/,
    /^400 ValidationException: (Key attributes must be scalars|Filter Expression can only contain non-primary key attributes)/,
    /^400 ValidationException: (The provided starting key|Exclusive [Ss]tart [Kk]ey must|The query can return at most one row)/,
    /^400 ValidationException: (Provided list of item keys contains duplicates|Item size has exceeded)/,
  ],
  // the data
  [
    /^400 ConditionalCheckFailedException: /,
    /^400 ValidationException: (The document path provided in the update expression|The provided expression refers to an attribute|An operand in the update expression)/,
    /^400 ValidationException: Item size to update has exceeded/,
    /^400 ValidationException: One or more parameter values are not valid\. The update expression attempted/,
    /^200$/,
  ],
];

function stageOf(line) {
  return stages.findIndex((patterns) => patterns.some((pattern) => pattern.test(line)));
}

const parsed = (body) => {
  if (typeof body !== 'string' && !Buffer.isBuffer(body)) return body;
  try {
    return JSON.parse(String(body));
  } catch {
    return undefined;
  }
};

export const rules = {
  // The server says what the API's model says.
  model({ step, server }) {
    const wanted = objection(step.operation, parsed(step.body));
    return Boolean(wanted) && tells(wanted, server);
  },

  order({ lines: [oracle, server] }) {
    const [late, early] = [stageOf(oracle), stageOf(server)];
    return early >= 2 && late > early && !oracle.startsWith('200');
  },
};
