// The actions of a transaction, each asked for alone.
import { lineOfReason, renderError } from '../lib/answers.mjs';
import { ask } from '../lib/ask.mjs';

const nobody = { S: { S: 'nobody' }, N: { N: '987654321' }, B: { B: 'bm9ib2R5' } };

// An action, or a statement, that always fails, after what is asked with it: so that nothing is changed.
function failing(operation, table) {
  const key = { pk: nobody[table.types.pk], ...(table.range && { sk: nobody[table.types.sk] }) };
  if (operation === 'TransactWriteItems') return { ConditionCheck: { TableName: table.name, Key: key, ConditionExpression: 'attribute_exists(pk)' } };
  const where = Object.keys(key).map((name) => `${name} = ?`).join(' AND ');
  return { Statement: `EXISTS(SELECT * FROM "${table.name}" WHERE ${where} AND absent_x IS NOT MISSING)`, Parameters: Object.values(key) };
}

const isRead = (one) => (one?.Get !== undefined || /^\s*SELECT/i.test(one?.Statement ?? ''));

// The answer to one action as { line, item, whole }: the error as if the action were a request of its own, the old item that it has,
// and whether the transaction was refused as a whole.
function outcome(answer) {
  if (answer.status === 200) return { line: '200' };
  const [reason] = answer.body.CancellationReasons ?? [];
  return reason ? { line: lineOfReason(reason), item: reason.Item } : { line: renderError(answer), whole: true };
}

/**
 * What a server tells of each action of a transaction if it is asked for it alone, [{ line, item }, ...], or null if the request is
 * no transaction; `together`: what it tells of those that it has not refused as a whole. Nothing is changed.
 */
export async function singly({ operation, body }, client, table) {
  const member = { TransactWriteItems: 'TransactItems', TransactGetItems: 'TransactItems', ExecuteTransaction: 'TransactStatements' }[operation];
  if (!member || !Array.isArray(body[member])) return null;
  const { ClientRequestToken: _, ReturnConsumedCapacity: __, ...rest } = body;
  const asked = (actions) => ask(client, { operation, body: { ...rest, [member]: actions.every(isRead) ? actions : [...actions, failing(operation, table)] } });
  const outcomes = [];
  for (const one of body[member]) outcomes.push(outcome(await asked([one])));
  const good = body[member].filter((_one, i) => !outcomes[i].whole);
  if (good.length > 1) outcomes.together = renderError(await asked(good));
  return outcomes;
}
