// Days of those who look records up, verify, write, answer for what was told, and of those who may not.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { browser, city, findings, kept, open } from './stage.mjs';

const HAIDIAN = '110108';

let server;
let chrome;
/** Somebody of the district whose clerk asks. */
let subject;

before(async () => {
  server = await city(1500, 'city-trust');
  const filter = `within_division(division, '${HAIDIAN}') AND maritalStatus = '10'`;
  subject = (await server.query({ from: 'person', filter, limit: 1 })).features[0];
  chrome = await browser();
}, { timeout: 120_000 });

after(async () => {
  await chrome?.close();
  await server?.stop();
});

const picture = (page, name) => page.screenshot({ path: join(kept, `${name}.png`) });

test('suggestions: as somebody types, by the keyboard, none of a number', { timeout: 90_000 }, async () => {
  const { page, context, faults, go, calm } = await open(chrome, server);
  const asked = [];
  page.on('request', (request) => request.url().includes('/suggest?') && asked.push(new URL(request.url())));
  await go('#/search');
  await calm();
  const box = page.getByLabel('检索内容');
  await box.click();
  await page.keyboard.type('白檀', { delay: 20 });
  const list = page.getByRole('listbox', { name: '提示' });
  await list.waitFor();
  assert.equal(await box.getAttribute('aria-expanded'), 'true');
  const first = await list.getByRole('option').first().locator('mark').innerText();
  assert.equal(first, '白檀');
  // What was typed in one go is asked once: whoever types on is not waited for.
  assert.ok(asked.length <= 2, asked.join(' '));
  await page.keyboard.press('ArrowDown');
  const active = await box.getAttribute('aria-activedescendant');
  assert.equal(await page.locator(`[id="${active}"]`).getAttribute('aria-selected'), 'true');
  assert.deepEqual(await findings(page), []);
  await picture(page, 'suggestions');
  await page.keyboard.press('Escape');
  await list.waitFor({ state: 'hidden' });
  assert.equal(await box.inputValue(), '白檀');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.locator('.results h1').waitFor();
  assert.match(page.url(), /#\/search\/\w+\?q=/);

  // Of a number nothing is asked before somebody presses Enter, and then in no address.
  await go('#/search');
  asked.length = 0;
  await box.click();
  await page.keyboard.type(subject.properties.identityNumber.slice(0, 14));
  await page.waitForTimeout(400);
  assert.deepEqual(asked, []);
  assert.deepEqual(faults, []);
  await context.close();
});

test("a clerk's day: a purpose, a person by pinyin, the history, a verification", { timeout: 120_000 }, async () => {
  const { page, context, faults, go, calm, expect } = await open(chrome, server, { signedIn: false });
  await go('#/search');
  await page.getByLabel('密钥').fill(server.keys['district-clerk']);
  await page.getByRole('button', { name: '进入' }).click();
  // Without a purpose nothing is shown; those there are stand beside the question.
  await page.getByRole('button', { name: 'household-registration' }).click();
  expect(/status of 403/);
  await picture(page, 'clerk-purpose');
  assert.deepEqual(await findings(page), []);
  await page.getByRole('button', { name: '进入' }).click();
  await page.getByRole('button', { name: '退出' }).waitFor();
  await page.getByRole('button', { name: /household-registration/ }).waitFor();
  await calm();

  // The initials of the name.
  const { suggestions } = await server.ask(`/suggest?collections=person&limit=1&q=${encodeURIComponent(subject.properties.name)}`);
  assert.equal(suggestions[0]?.text, subject.properties.name);
  const initials = await initialsOf(subject.properties.name);
  const box = page.getByLabel('检索内容');
  await page.getByLabel('检索范围').selectOption('person');
  await page.locator('.results h1').waitFor();
  await box.click();
  await page.keyboard.type(initials, { delay: 20 });
  await page.getByRole('option').filter({ hasText: subject.properties.name }).first().click();
  await page.getByRole('link', { name: subject.properties.name }).first().click();
  await page.getByRole('heading', { level: 1, name: subject.properties.name }).waitFor();
  await calm();
  const shown = await page.getByRole('row', { name: /公民身份号码/ }).first().innerText();
  assert.ok(!shown.includes(subject.properties.identityNumber) && shown.includes('*'), `in part: ${shown}`);
  await page.getByRole('tab', { name: /来源陈述/ }).click();
  await page.getByText('公安局').first().waitFor();
  await picture(page, 'clerk-masked');

  await page.getByRole('link', { name: '核验' }).click();
  await page.getByRole('heading', { level: 1, name: '核验' }).waitFor();
  await calm();
  await page.getByLabel('公民身份号码').fill(subject.properties.identityNumber);
  await page.getByLabel('姓名', { exact: true }).fill(subject.properties.name);
  await page.getByRole('button', { name: '核验', exact: true }).click();
  await page.getByRole('region', { name: '结果' }).getByRole('heading', { name: /相符/ }).waitFor();
  await picture(page, 'clerk-verified');
  await page.getByLabel('姓名', { exact: true }).fill('欧阳不符');
  await page.getByRole('button', { name: '核验', exact: true }).click();
  await page.getByRole('region', { name: '结果' }).getByRole('heading', { name: /不符/ }).waitFor();
  assert.ok(!(await page.locator('main').innerText()).includes(subject.properties.name), 'what the record says is not told');
  assert.deepEqual(await findings(page), []);

  // Many at once, as they stand in a spreadsheet.
  await page.getByRole('tab', { name: '批量' }).click();
  await page.locator('#claims').fill(`公民身份号码\t姓名\n${subject.properties.identityNumber}\t${subject.properties.name}\n11010119000101001X\t某某\n`);
  await page.getByRole('button', { name: '核验', exact: true }).click();
  await page.getByRole('cell', { name: /查无记录/ }).waitFor();
  assert.equal(await page.locator('main tbody tr').count(), 2);
  await picture(page, 'clerk-batch');
  assert.deepEqual(await findings(page), []);

  // The session ends; what was typed is there after signing in again.
  const typed = await page.locator('#claims').inputValue();
  await page.route('**/verify', (route) => route.fulfill({ status: 401, contentType: 'application/problem+json', body: JSON.stringify({ type: 'urn:jiku:problem:unauthenticated', title: 'Unauthorized', status: 401, detail: '', code: 'unauthenticated' }) }));
  await page.getByRole('button', { name: '核验', exact: true }).click();
  await page.getByText('您填写的内容仍在').waitFor();
  await page.unroute('**/verify');
  await picture(page, 'signed-out');
  await page.getByLabel('密钥').fill(server.keys['district-clerk']);
  await page.getByRole('button', { name: '进入' }).click();
  await page.getByRole('tab', { name: '批量' }).click();
  assert.equal(await page.locator('#claims').inputValue(), typed);
  expect(/status of 40[13]/);

  // My own receipts: the record that was looked at is there, and is given again as it was.
  await page.getByRole('link', { name: '回执与申请' }).click();
  await page.getByRole('row', { name: /GET \/collections\/person\/items\/P[^/]* / }).first().getByRole('link').first().click();
  await page.getByText('SHA', { exact: false }).or(page.getByText('答复的摘要')).first().waitFor();
  assert.deepEqual(await findings(page), []);
  await picture(page, 'clerk-receipt');
  await page.getByRole('button', { name: '重放当时的答复' }).click();
  await page.getByText('与当时逐字节相同').waitFor();
  await page.getByRole('button', { name: '此后的变化' }).click();
  await page.getByText('没有变化').waitFor();
  assert.deepEqual(faults, []);
  await context.close();
});

/** The first letters of a name as the server reads it aloud: letter by letter, those by which names that begin so come. */
async function initialsOf(name) {
  let initials = '';
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  for (let length = 1; length <= Array.from(name).length; length++) {
    const part = Array.from(name).slice(0, length).join('');
    for (const letter of letters) {
      const { suggestions } = await server.ask(`/suggest?collections=person&limit=50&q=${initials}${letter}`);
      if (suggestions.some((one) => one.text.startsWith(part) && one.marks.some(([from, to]) => from === 0 && to >= length))) {
        initials += letter;
        break;
      }
    }
  }
  assert.equal(initials.length, Array.from(name).length, `${name}: ${initials}`);
  return initials;
}

test("a steward's single records: a new one, a change, a doubt, and what the server says against them", { timeout: 120_000 }, async () => {
  const { page, context, faults, go, calm, expect } = await open(chrome, server);
  await go('#/new/place');
  await page.getByRole('button', { name: '写入' }).click();
  await page.getByRole('alert').waitFor();
  expect(/status of 422/);
  assert.ok((await page.locator('.wrong-text').count()) >= 1, 'what is missing stands beside its field');
  assert.deepEqual(await findings(page), []);
  await picture(page, 'new-refused');

  // A person's number with a wrong check character: told beside the number, nothing typed is lost.
  await go('#/new/person');
  const number = subject.properties.identityNumber;
  const wrong = number.slice(0, 17) + (number[17] === '1' ? '2' : '1');
  await page.getByLabel('公民身份号码').fill(wrong);
  await page.getByLabel('姓名', { exact: false }).first().fill('试写');
  await page.getByRole('button', { name: '写入' }).click();
  await page.locator('#new-identityNumber-wrong').waitFor();
  assert.equal(await page.locator('#new-identityNumber').getAttribute('aria-invalid'), 'true');
  await go('#/search');
  await page.goBack();
  assert.equal(await page.locator('#new-identityNumber').inputValue(), wrong);
  expect(/status of 422/);

  // A change from a day on, by another department than the responsible one.
  await go(`#/record/person/${encodeURIComponent(subject.id)}`);
  await page.getByRole('button', { name: '变更', exact: true }).click();
  const form = page.getByRole('region', { name: '变更' });
  await form.getByLabel('婚姻状况').selectOption('20');
  await form.getByLabel('生效日').fill('2024-05-20');
  await form.getByLabel('以哪个部门的名义').selectOption('civil-affairs');
  await picture(page, 'change');
  assert.deepEqual(await findings(page), []);
  // The answer gets lost on its way; the same is sent again under the same key, and done once.
  const keys = [];
  page.on('request', (request) => request.method() === 'PATCH' && keys.push(request.headers()['idempotency-key']));
  let lost = true;
  await page.route('**/collections/person/items/*', async (route) => {
    if (route.request().method() !== 'PATCH' || !lost) return route.continue();
    lost = false;
    await route.fetch();
    await route.abort('connectionreset');
  });
  await form.getByRole('button', { name: '写入 1 项变更' }).click();
  await form.getByText('连不上服务器').waitFor();
  assert.equal(await form.getByLabel('婚姻状况').inputValue(), '20');
  await form.getByRole('button', { name: '写入 1 项变更' }).click();
  await page.getByText('已写入。').waitFor();
  assert.equal(new Set(keys).size, 1, keys.join(' '));
  assert.equal(keys.length, 2);
  expect(/ERR_CONNECTION_RESET/);
  await page.unroute('**/collections/person/items/*');
  const statements = (await server.ask(`/collections/person/items/${encodeURIComponent(subject.id)}/statements`)).statements;
  assert.equal(statements.filter((one) => one.department === 'civil-affairs').length, 1);

  // Somebody else writes meanwhile: told, and what was typed is still there.
  await page.getByRole('button', { name: '变更', exact: true }).click();
  await form.getByLabel('文化程度').selectOption({ index: 3 });
  await calm();
  const item = `/collections/person/items/${encodeURIComponent(subject.id)}`;
  const other = { properties: { maritalStatus: '30' }, validFrom: '2025-01-01' };
  await server.ask(item, { method: 'PATCH', headers: { 'If-Match': '*', 'content-type': 'application/json', 'Jiku-Department': 'civil-affairs' }, body: JSON.stringify(other) });
  await form.getByRole('button', { name: '写入 1 项变更' }).click();
  await page.getByText('情况已经变化').waitFor();
  await picture(page, 'changed-meanwhile');
  expect(/status of 4(12|09)/);

  // A doubt, from its first to its last step.
  await page.reload();
  await page.getByRole('button', { name: '异议', exact: true }).click();
  const doubt = page.getByRole('region', { name: '异议' });
  await page.locator('#dispute-field').selectOption('name');
  await page.locator('#dispute-note').fill('与身份证不符');
  assert.deepEqual(await findings(page), []);
  await doubt.getByRole('button', { name: '提出异议', exact: true }).click();
  await page.getByText('异议已提出').first().waitFor();
  for (const [step, told] of [['受理', '异议已受理'], ['核实无误', '已核实']]) {
    await page.getByRole('button', { name: '异议', exact: true }).click();
    await page.locator('#dispute-field').selectOption('name');
    await page.locator('#dispute-state').selectOption({ label: step });
    await page.locator('#dispute-note').fill('查阅底册');
    await doubt.getByRole('button', { name: step, exact: true }).click();
    await page.getByText(told).first().waitFor();
    await calm();
  }
  await picture(page, 'doubt');
  assert.deepEqual(faults, []);
  await context.close();
});

test('a denied day: no records for who audits, too often, a purpose that is not one', { timeout: 90_000 }, async () => {
  const { page, context, faults, go, calm, expect } = await open(chrome, server, { role: 'auditor', purpose: 'supervision', lang: 'zh' });
  await go('#/search');
  await page.getByText('您看不到任何数据集').or(page.getByText('没有权限')).first().waitFor();
  await picture(page, 'denied-search');
  assert.deepEqual(await findings(page), []);
  await go(`#/record/person/${encodeURIComponent(subject.id)}`);
  await page.getByRole('alert').waitFor();
  const told = await page.locator('main').innerText();
  assert.ok(!told.includes(subject.properties.name), told);
  await picture(page, 'denied-record');
  expect(/status of 40[34]/);

  // Everybody's receipts, the trail's head and a proof, and no answer given again.
  await go('#/trust/receipts');
  await page.getByRole('heading', { name: '全部回执' }).waitFor();
  await calm();
  await picture(page, 'auditor-receipts');
  assert.deepEqual(await findings(page), []);
  await page.locator('main tbody tr').first().getByRole('link').first().click();
  await page.getByText('在审计日志中的证明').click();
  await page.getByRole('region', { name: '在审计日志中的证明' }).waitFor();
  assert.equal(await page.getByRole('button', { name: '此后的变化' }).count(), 0);
  await go('#/trust/audit');
  await page.getByRole('heading', { name: '签名摘要' }).waitFor();
  assert.deepEqual(await findings(page), []);
  await picture(page, 'auditor-trail');

  // Too often: how long to wait, counted down, and then again.
  await page.route('**/recalls*', (route) =>
    route.fulfill({ status: 429, contentType: 'application/problem+json', headers: { 'retry-after': '2', 'jiku-receipt': 'R2' }, body: JSON.stringify({ type: 'urn:jiku:problem:too-many-requests', title: 'Too Many Requests', status: 429, detail: '请求过多。', code: 'too-many-requests', messages: { zh: '请求过多。', en: 'Too many requests.' } }) }),
  );
  await go('#/trust/recalls');
  await page.getByText('请求过于频繁').waitFor();
  await page.getByRole('button', { name: /秒后可再试/ }).and(page.locator(':disabled')).waitFor();
  await page.getByText('R2').waitFor();
  await picture(page, 'too-many');
  assert.deepEqual(await findings(page), []);
  await page.unroute('**/recalls*');
  await page.getByRole('button', { name: '再试一次' }).and(page.locator(':enabled')).click();
  await page.getByText('没有需要召回的答复').or(page.locator('main li.panel').first()).first().waitFor();
  expect(/status of 429/);

  // A purpose that the role does not have is asked for anew, with those that it has.
  await page.locator('.task').click();
  await page.getByRole('dialog').getByLabel('查询事由').fill('statistics');
  await page.getByRole('dialog').getByRole('button', { name: '确定' }).click();
  await go('#/trust/receipts');
  await page.getByRole('button', { name: '填写事由' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'supervision' }).click();
  await picture(page, 'purpose-asked');
  assert.deepEqual(await findings(page), []);
  await page.getByRole('dialog').getByRole('button', { name: '确定' }).click();
  await page.locator('main tbody tr').first().waitFor();
  expect(/status of 40[34]/);
  assert.deepEqual(faults, []);
  await context.close();
});

test('the catalogue is read, a resource is asked for, checked, answered; an objection runs its course', { timeout: 120_000 }, async () => {
  const analyst = await open(chrome, server, { role: 'analyst', purpose: 'planning' });
  await analyst.go('#/catalogue');
  await analyst.page.getByLabel('查找').fill('人口');
  await analyst.page.getByRole('link', { name: '自然人' }).waitFor();
  assert.deepEqual(await findings(analyst.page), []);
  await picture(analyst.page, 'catalogue');
  await analyst.page.getByRole('link', { name: '自然人' }).click();
  await analyst.page.getByRole('rowheader', { name: /公民身份号码/ }).waitFor();
  assert.deepEqual(await findings(analyst.page), []);
  await picture(analyst.page, 'catalogue-person');
  await analyst.page.getByRole('link', { name: '申请共享' }).click();
  await analyst.page.locator('#wish-purpose').fill('planning');
  await analyst.page.locator('#wish-days').fill('9999');
  await analyst.page.locator('#wish-field-education').selectOption('full');
  assert.deepEqual(await findings(analyst.page), []);
  await analyst.page.getByRole('button', { name: '提交申请' }).click();
  await analyst.page.getByRole('alert').waitFor();
  analyst.expect(/status of 4\d\d/);
  await picture(analyst.page, 'request-refused');
  await analyst.page.locator('#wish-legalBasis').fill('《中华人民共和国城乡规划法》第二十六条');
  await analyst.page.locator('#wish-reason').fill('测算学龄人口，布置学位。');
  await analyst.page.getByRole('checkbox', { name: '接口' }).check();
  await analyst.page.locator('#wish-days').fill('60');
  await analyst.page.getByRole('button', { name: '提交申请' }).click();
  await analyst.page.getByText('已提交').first().waitFor();
  await analyst.calm();
  const id = new URL(analyst.page.url()).hash.split('/').pop().split('?')[0];
  assert.deepEqual(await findings(analyst.page), []);
  await picture(analyst.page, 'request');

  // The supervisor checks it, the provider answers: the administrator may speak for both.
  const { page, context, faults, go, calm } = await open(chrome, server);
  await go('#/trust/board');
  await page.getByRole('row', { name: /共享申请/ }).first().waitFor();
  await calm();
  assert.deepEqual(await findings(page), []);
  await picture(page, 'board');
  await go(`#/trust/requests/${id}`);
  await page.getByRole('button', { name: '审核通过' }).click();
  await page.getByText('待答复').first().waitFor();
  const { answers } = await server.ask(`/requests/${id}`);
  for (const department of Object.keys(answers)) {
    await page.getByLabel('办理部门').selectOption(department);
    await calm();
    await page.getByRole('button', { name: '同意共享' }).click();
    await calm();
  }
  assert.equal((await server.ask(`/requests/${id}`)).state, 'granted');
  await page.getByText('已授权').first().waitFor();
  await picture(page, 'request-granted');
  await go('#/trust/requests');
  await page.getByRole('row', { name: /已授权/ }).waitFor();
  assert.deepEqual(await findings(page), []);

  // An objection that another department raised.
  const raised = { collection: 'person', record: subject.id, field: 'birthDate', reason: '与出生证明不符' };
  const { id: objection } = await server.ask('/objections', { method: 'POST', headers: { 'content-type': 'application/json', 'Jiku-Department': 'civil-affairs' }, body: JSON.stringify(raised) });
  const { responsible } = await server.ask(`/objections/${objection}`);
  await go('#/trust/objections');
  await page.getByLabel('办理部门').selectOption(responsible);
  await page.getByRole('link', { name: '出生日期' }).click();
  for (const [button, state] of [['受理', '已受理'], ['标注存疑', '已标注'], ['核实：原值无误', '已核实'], ['撤销标注', '已撤标']]) {
    await page.getByLabel('说明').fill('查阅底册，原值无误');
    await page.getByRole('button', { name: button, exact: true }).click();
    await page.locator('.record-head').getByText(state).waitFor();
  }
  assert.deepEqual(await findings(page), []);
  await picture(page, 'objection');
  assert.deepEqual([...faults, ...analyst.faults], []);
  await context.close();
  await analyst.context.close();
});

test('every view of trust in both languages, and on a tablet', { timeout: 120_000 }, async () => {
  const views = {
    verify: '#/verify/person', new: '#/new/organization', receipts: '#/trust/receipts', recalls: '#/trust/recalls', subject: '#/trust/subject',
    requests: '#/trust/requests', objections: '#/trust/objections', board: '#/trust/board', audit: '#/trust/audit', keys: '#/trust/keys',
    catalogue: '#/catalogue', entry: '#/catalogue/organization', wish: '#/catalogue/organization/request', act: `#/record/person/${encodeURIComponent(subject.id)}?act=split`,
  };
  const wrong = [];
  for (const look of [{ lang: 'zh' }, { lang: 'en', dark: true }, { lang: 'en', width: 820, height: 1100 }]) {
    const { page, context, faults, go, calm } = await open(chrome, server, look);
    for (const [name, hash] of Object.entries(views)) {
      if (look.width && !['verify', 'new', 'receipts', 'wish', 'act'].includes(name)) continue;
      await go(hash);
      await page.waitForTimeout(150);
      await calm();
      const file = ['trust', name, look.lang, look.dark ? 'dark' : '', look.width ?? ''].filter(Boolean).join('-');
      await picture(page, file);
      for (const one of await findings(page)) wrong.push(`${file}: ${one}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (wide > 0) wrong.push(`${file}: ${wide} pixels wider than the screen`);
      if (await page.locator('[role=alert]').count()) wrong.push(`${file}: ${await page.locator('[role=alert]').first().innerText()}`);
    }
    wrong.push(...faults.map((one) => `${JSON.stringify(look)}: ${one}`));
    await context.close();
  }
  assert.deepEqual(wrong, []);
});
