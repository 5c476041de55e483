// Asks a server, and waits until what was asked for is done.

async function settleTimeToLive(client, { TableName }) {
  for (;;) {
    const { body } = await client.send('DescribeTimeToLive', { TableName });
    if (!/ING$/.test(body.TimeToLiveDescription?.TimeToLiveStatus)) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

// After a change of a table, waits until it can be used, or is gone; after one of its time to live, until that is so.
async function settle(client, { operation, body }, answer) {
  if (answer.status === 200 && operation === 'UpdateTimeToLive') await settleTimeToLive(client, body);
  if (answer.status !== 200 || !['CreateTable', 'UpdateTable', 'DeleteTable'].includes(operation)) return;
  for (;;) {
    const { status, body: description } = await client.send('DescribeTable', { TableName: body.TableName });
    if (status !== 200) return;
    const { TableStatus, GlobalSecondaryIndexes = [] } = description.Table;
    if (TableStatus === 'ACTIVE' && GlobalSecondaryIndexes.every((index) => index.IndexStatus === 'ACTIVE')) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export async function ask(client, step) {
  const answer = await client.send(step.operation, step.body, step.options);
  await settle(client, step, answer);
  return answer;
}

/**
 * CreateTable, asked again where it fails: the oracle fails on some tables that are made while it is at others, and may have made
 * them even so. `failed`: it did before.
 */
export async function makeTable(client, body, failed = false) {
  let answer;
  for (let i = 0; i < 20; i++) {
    answer = await ask(client, { operation: 'CreateTable', body });
    if (failed && answer.text.includes('ResourceInUseException')) await ask(client, { operation: 'DeleteTable', body: { TableName: body.TableName } });
    else if (answer.status !== 500) break;
    failed = true;
  }
  return answer;
}

export async function deleteTables(client) {
  let start;
  do {
    const { body } = await client.send('ListTables', start ? { ExclusiveStartTableName: start } : {});
    for (const TableName of body.TableNames.filter((name) => name.startsWith('compare-'))) {
      await ask(client, { operation: 'UpdateTable', body: { TableName, DeletionProtectionEnabled: false } });
      await ask(client, { operation: 'DeleteTable', body: { TableName } });
    }
    start = body.LastEvaluatedTableName;
  } while (start);
}

export async function prepare(clients, steps) {
  for (const client of clients) {
    await deleteTables(client);
    for (const [operation, body] of steps) {
      const answer = await ask(client, { operation, body });
      if (answer.status !== 200) throw new Error(`${client.url.host} refuses the preparation ${operation} ${JSON.stringify(body).slice(0, 500)}: ${answer.text}`);
    }
  }
}
