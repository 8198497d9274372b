// Drives the emulated Salesforce organisation with jsforce, an ordinary client (contract salesforce.md section 20): whatever
// jsforce cannot tell from Salesforce, the product cannot either. Not part of the tests: it needs Node and `npm install jsforce`.
//   cosell-sandbox --dir DIR --crm salesforce --empty &
//   NODE_EXTRA_CA_CERTS=DIR/ca.pem node jsforce_check.mjs DIR/sandbox.json
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import jsforce from 'jsforce';

const settings = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const { salesforce: instance } = settings.urls;
const account = settings.accounts;
const secret = readFileSync(account.crm_client_secret_file, 'utf8');
const oauth2 = { loginUrl: instance, clientId: account.crm_client_id, clientSecret: secret };
const version = '62.0';
let done = 0;
async function step(name, work) {
  await work();
  done += 1;
  console.log(`ok  ${name}`);
}

const connection = new jsforce.Connection({ oauth2, version });
await step('client credentials', async () => {
  const user = await connection.authorize({ grant_type: 'client_credentials' });
  assert.match(user.organizationId, /^00D/);
  assert.equal(connection.instanceUrl, instance);
});
await step('password with security token', async () => {
  const other = new jsforce.Connection({ oauth2, version });
  await other.login(account.salesforce_user_name, account.salesforce_password);
  assert.ok(other.accessToken);
});
await step('a wrong password is invalid_grant', async () => {
  const other = new jsforce.Connection({ oauth2, version });
  await assert.rejects(other.login(account.salesforce_user_name, 'wrong'), { name: 'invalid_grant' });
});
await step('identity', async () => {
  const identity = await connection.identity();
  assert.equal(identity.username, account.salesforce_user_name);
});
await step('describe', async () => {
  const all = await connection.describeGlobal();
  assert.ok(all.sobjects.some((object) => object.name === 'Opportunity'));
  const opportunity = await connection.describe('Opportunity');
  assert.ok(opportunity.fields.some((field) => field.name === 'Referral_Identifier__c' && field.externalId));
});

const deal = (name, more = {}) => ({ Name: name, StageName: 'Qualification', CloseDate: '2027-03-15', ...more });
let first;
await step('create, retrieve, update, silent changes', async () => {
  const made = await connection.sobject('Opportunity').create(deal('Yard planning pilot', { Amount: 12000 }));
  assert.equal(made.success, true);
  first = made.id;
  assert.equal(first.length, 18);
  await connection.sobject('Opportunity').update({ Id: first, StageName: 'Closed Won' });
  const read = await connection.sobject('Opportunity').retrieve(first);
  assert.equal(read.IsWon, true);
  assert.equal(read.Probability, 100);
  assert.match(read.SystemModstamp, /\.000\+0000$/);
});
await step('a missing required field', async () => {
  await assert.rejects(connection.sobject('Opportunity').create({ Name: 'No stage' }), {
    errorCode: 'REQUIRED_FIELD_MISSING',
  });
});
await step('upsert: created, updated, several', async () => {
  const key = '7f0c2f0e-5f6b-4a53-9b0c-0d6b1d2f4a11';
  const record = { Referral_Identifier__c: key, ...deal('Upserted') };
  const made = await connection.sobject('Opportunity').upsert(record, 'Referral_Identifier__c');
  assert.equal(made.created, true);
  const again = await connection.sobject('Opportunity').upsert(record, 'Referral_Identifier__c');
  assert.equal(again.created, false);
  assert.equal(again.id, made.id);
});
await step('collections: 200 creates with one bad, mixed results', async () => {
  const records = Array.from({ length: 199 }, (_, i) => deal(`Deal ${i}`));
  const results = await connection.sobject('Opportunity').create([...records, { Name: 'bad' }]);
  assert.equal(results.filter((result) => result.success).length, 199);
  assert.equal(results[199].errors[0].statusCode ?? results[199].errors[0].errorCode, 'REQUIRED_FIELD_MISSING');
});
await step('update and retrieve of several', async () => {
  const rows = await connection.sobject('Opportunity').find({ Name: { $like: 'Deal 1%' } }, ['Id', 'Name']);
  assert.ok(rows.length > 10);
  const results = await connection.sobject('Opportunity').update(rows.map(({ Id }) => ({ Id, NextStep: 'Call' })));
  assert.ok(results.every((result) => result.success));
  const read = await connection.sobject('Opportunity').retrieve(rows.map(({ Id }) => Id));
  assert.ok(read.every((row) => row.NextStep === 'Call'));
});
await step('paging over several pages', async () => {
  const more = Array.from({ length: 200 }, (_, i) => deal(`Page ${i}`));
  await connection.sobject('Opportunity').create(more);
  let pages = 0;
  let seen = 0;
  let result = await connection.query('SELECT Id, Name FROM Opportunity ORDER BY Id', { headers: { 'Sforce-Query-Options': 'batchSize=200' } });
  for (;;) {
    pages += 1;
    seen += result.records.length;
    if (result.done) break;
    result = await connection.queryMore(result.nextRecordsUrl);
  }
  assert.equal(seen, result.totalSize);
  assert.ok(seen > 400);
  console.log(`    ${seen} records in ${pages} pages`);
});
await step('queryAll sees what was deleted; deleted and updated', async () => {
  await connection.sobject('Opportunity').destroy(first);
  await assert.rejects(connection.sobject('Opportunity').retrieve(first), { errorCode: 'NOT_FOUND' });
  const all = await connection.query(`SELECT Id, IsDeleted FROM Opportunity WHERE Id = '${first}'`, { scanAll: true });
  assert.equal(all.records[0].IsDeleted, true);
  const start = new Date(Date.now() - 3600_000);
  const end = new Date(Date.now() + 120_000);
  const gone = await connection.sobject('Opportunity').deleted(start.toISOString(), end.toISOString());
  assert.ok(gone.deletedRecords.some((record) => record.id === first));
  const changed = await connection.sobject('Opportunity').updated(start.toISOString(), end.toISOString());
  assert.ok(changed.ids.length > 0);
});
await step('composite', async () => {
  const answer = await connection.requestPost(`/services/data/v${version}/composite`, {
    allOrNone: true,
    compositeRequest: [
      { method: 'POST', referenceId: 'account', url: `/services/data/v${version}/sobjects/Account`, body: { Name: 'Fabrikam Port' } },
      { method: 'POST', referenceId: 'deal', url: `/services/data/v${version}/sobjects/Opportunity`, body: deal('Composite', { AccountId: '@{account.id}' }) },
    ],
  });
  assert.deepEqual(answer.compositeResponse.map((part) => part.httpStatusCode), [201, 201]);
});
await step('limits', async () => {
  const limits = await connection.limits();
  assert.ok(limits.DailyApiRequests.Max > 0);
  assert.ok(connection.limitInfo.apiUsage.used > 0);
});
await step('a session that is gone', async () => {
  const other = new jsforce.Connection({ version, instanceUrl: instance, accessToken: 'gone' });
  await assert.rejects(other.query('SELECT Id FROM Account LIMIT 1'), { errorCode: 'INVALID_SESSION_ID' });
});
await step('a malformed query and an unknown field', async () => {
  await assert.rejects(connection.query('SELECT Id FRM Account'), { errorCode: 'MALFORMED_QUERY' });
  await assert.rejects(connection.query('SELECT Nope__c FROM Account'), { errorCode: 'INVALID_FIELD' });
});
await step('logout', () => connection.logout());
console.log(`${done} steps passed`);
